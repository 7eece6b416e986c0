import { runErrorCode } from "@millrace/contract";
import type { Usage } from "#directive";
import { ExpressionError } from "#expression/errors";

/**
 * Retry is decided by the error's type, at the throw: an executor throws `RetryableError` or `TerminalError`.
 * Anything else that escapes is `internal` and terminal.
 */
export interface NodeError {
  /** Stable word: `http_503`, `code_error`, … (the page /errors/<type>). */
  readonly type: string;
  /** The wire integer that belongs to the type. */
  readonly code: number;
  /** One sentence; never a secret or a header value; at most 1,000 characters. */
  readonly message: string;
  readonly retryable: boolean;
  /** JSON pointer within the node of the value that it came from, where one is to blame. */
  readonly field?: string;
  /** The least wait that the other side asked for (Retry-After). */
  readonly retryAfterMs?: number;
}

export class TerminalError extends Error {
  readonly type: string;
  /** What the attempt cost before it failed. */
  readonly usage: readonly Usage[];
  /** As of `NodeError`. */
  readonly field: string | undefined;
  constructor(type: string, message: string, options: { usage?: readonly Usage[]; field?: string | undefined } = {}) {
    super(message);
    this.name = "TerminalError";
    this.type = type;
    this.field = options.field;
    this.usage = options.usage ?? [];
  }
}

export class RetryableError extends Error {
  readonly type: string;
  readonly retryAfterMs: number | undefined;
  /** What the attempt cost before it failed. */
  readonly usage: readonly Usage[];
  constructor(type: string, message: string, options: { retryAfterMs?: number; usage?: readonly Usage[] } = {}) {
    super(message);
    this.name = "RetryableError";
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
    this.usage = options.usage ?? [];
  }
}

/** Characters of an error message that are kept. */
const MAX_MESSAGE = 1_000;

/** An error of the engine's own making: never retried. */
export function runError(type: string, message: string): NodeError {
  return { type, code: runErrorCode(type), message: clip(message), retryable: false };
}

/** Anything thrown, as data. What is not one of ours is `internal`, and its text stays out: it may hold anything. */
export function errorOf(thrown: unknown): NodeError {
  if (thrown instanceof RetryableError) {
    const { type, message, retryAfterMs } = thrown;
    return { type, code: runErrorCode(type), message: clip(message), retryable: true, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (thrown instanceof TerminalError) return atField(runError(thrown.type, thrown.message), thrown.field);
  if (thrown instanceof ExpressionError) return atField(runError(thrown.type, thrown.message), fieldOf(thrown));
  return runError("internal", "An internal error occurred in this node; the server's log has it.");
}

/** Within its node: what stands before it in the document are the bodies around. */
export function fieldOf({ at }: ExpressionError): string | undefined {
  return at?.replace(/^\/nodes\/\d+(\/body\/nodes\/\d+)*/, "");
}

function atField(error: NodeError, field: string | undefined): NodeError {
  return field === undefined ? error : { ...error, field };
}

function clip(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
