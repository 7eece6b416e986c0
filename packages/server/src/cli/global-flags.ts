import type { FlagSpec } from "#cli/command";
import { OUTPUT_FORMS } from "#cli/output";

/** Accepted before and after every command. None takes a secret as its value. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: "output", short: "o", kind: "text", value: "form", values: OUTPUT_FORMS, fallback: "table", summary: "form of the result" },
  { name: "json", kind: "switch", summary: "the same as -o json" },
  { name: "quiet", short: "q", kind: "switch", summary: "no hints, no progress" },
  { name: "verbose", short: "v", kind: "switch", summary: "trace the HTTP requests on stderr" },
  { name: "endpoint", kind: "text", value: "url", summary: "the server" },
  { name: "timeout", kind: "duration", value: "duration", summary: "longest time of a request, or of runs wait" },
  { name: "api-key-stdin", kind: "switch", summary: "read the API key from stdin" },
  { name: "yes", short: "y", kind: "switch", summary: "answer every question with yes" },
  { name: "no-input", kind: "switch", summary: "never ask" },
  { name: "no-color", kind: "switch", summary: "no colours" },
];
