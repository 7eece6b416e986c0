import { EXIT, type ExitCode } from "#cli/exit-codes";

export interface CliErrorDetails {
  readonly hint?: string;
  /** `POST http://…`, where a request was made. */
  readonly request?: string;
  readonly httpStatus?: number;
  /** The wire integer; null when no server answered. */
  readonly code?: number | null;
  readonly requestId?: string;
  readonly retryAfter?: string;
  /** More than one thing is wrong: each, for programs. */
  readonly errors?: readonly object[];
  /** It is about what was printed above it, and stands below that. */
  readonly indented?: boolean;
  /** What people read in place of type and message, a line each. */
  readonly report?: readonly string[];
}

/** A command that did not do what it was asked. `type` is the stable word that programs branch on. */
export class CliError extends Error {
  readonly type: string;
  readonly exitCode: ExitCode;
  readonly details: CliErrorDetails;

  constructor(type: string, message: string, exitCode: ExitCode, details: CliErrorDetails = {}) {
    super(message);
    this.name = "CliError";
    this.type = type;
    this.exitCode = exitCode;
    this.details = details;
  }
}

export function usageError(message: string, hint?: string): CliError {
  return new CliError("usage", message, EXIT.usage, hint === undefined ? {} : { hint });
}

/** The human form: what, how to mend it, and where it came from. */
export function humanError(error: CliError, paint: (text: string) => string): string {
  const { hint, request, httpStatus, code, requestId, retryAfter, report } = error.details;
  if (report) return `${report.join("\n")}\n`;
  const lines = [`${paint(`${error.type}:`)} ${error.message}`];
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  if (request !== undefined) lines.push(`request: ${request}`);
  if (httpStatus !== undefined) lines.push(`http_status: ${httpStatus}   code: ${code ?? "-"}   request_id: ${requestId ?? "-"}`);
  if (retryAfter !== undefined) lines.push(`retry_after: ${retryAfter}`);
  const margin = error.details.indented === true ? "  " : "";
  return lines.map((line) => `${margin}${line}\n`).join("");
}

/** The form for programs: one line. */
export function jsonError(error: CliError): string {
  const { hint = null, httpStatus = null, code = null, requestId = null, errors } = error.details;
  const body = { type: error.type, code, message: error.message, hint, httpStatus, requestId, ...(errors && { errors }) };
  return `${JSON.stringify({ error: body })}\n`;
}
