import { TerminalError } from "@millrace/engine";
import type { TemplateCall } from "@millrace/nodes";
import { MAX_RESULT_BYTES, TEMPLATE_MEMORY_BYTES, TEMPLATE_TIMEOUT_MS } from "#sandbox/limits";
import { SandboxError } from "#sandbox/sandbox-error";

/** The error of a call of the sandbox, in the words of templates. What is no fault of the template stays as it is. */
export function templateFailure(error: unknown, { timeoutMs = TEMPLATE_TIMEOUT_MS }: TemplateCall): unknown {
  if (!(error instanceof SandboxError)) return error;
  const mib = TEMPLATE_MEMORY_BYTES / 1024 / 1024;
  switch (error.type) {
    case "code_timeout":
      return new TerminalError("template_error", `The template took longer than its limit of ${timeoutMs} ms.`);
    case "code_memory":
      return new TerminalError("template_error", `The template needed more memory than its limit of ${mib} MiB.`);
    case "limit_exceeded":
      return new TerminalError("limit_exceeded", `The text is longer than its limit of ${MAX_RESULT_BYTES} bytes of JSON.`);
    default:
      return new TerminalError("template_error", error.message);
  }
}
