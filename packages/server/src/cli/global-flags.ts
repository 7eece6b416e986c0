import type { FlagSpec } from "#cli/flag";
import { OUTPUT_FORMS } from "#cli/output";

/** Accepted before and after every command. None takes a secret as its value. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: "output", short: "o", kind: "text", value: "form", values: OUTPUT_FORMS, fallback: "table", summary: "form of the result" },
  { name: "json", kind: "switch", summary: "the same as -o json" },
  { name: "quiet", short: "q", kind: "switch", summary: "no hints, no progress" },
  { name: "verbose", short: "v", kind: "switch", summary: "trace the HTTP requests on stderr" },
  { name: "profile", kind: "text", value: "name", summary: "whose settings and key; profiles list has the names" },
  { name: "endpoint", kind: "text", value: "url", summary: "the server" },
  { name: "timeout", kind: "duration", value: "duration", summary: "longest time of a request, or of runs wait" },
  { name: "api-key-stdin", kind: "switch", summary: "read the API key from stdin" },
  { name: "yes", short: "y", kind: "switch", summary: "answer every question with yes" },
  { name: "no-input", kind: "switch", summary: "never ask" },
  { name: "no-color", kind: "switch", summary: "no colours" },
];

/** Those that were given, as the parser names them. */
export interface GlobalFlags {
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly profile?: string;
  readonly endpoint?: string;
  /** false with `--no-color`. */
  readonly color?: boolean;
  /** false with `--no-input`. */
  readonly input?: boolean;
  readonly yes?: boolean;
  readonly timeout?: string;
  readonly apiKeyStdin?: boolean;
}
