import { RetryableError, TerminalError } from "@millrace/engine";
import type { Clock } from "#clock";
import type { EgressGuard } from "#egress/egress";
import { redactorOf } from "#secrets/redactor";
import type { NewAttempt } from "#store/webhook-store";
import type { Message } from "#webhooks/message";
import type { AnswerHead } from "#webhooks/outcome";

/** Of an answer's body; the rest is neither read nor needed. */
const KEPT_BYTES = 16 * 1_024;

export interface SenderPorts {
  readonly egress: Pick<EgressGuard, "request">;
  readonly clock: Pick<Clock, "now">;
  /** Connecting, sending and reading together. */
  readonly timeoutMs: number;
}

/** What one request came to; the head decides, whatever becomes of the body. */
export interface Sent extends Omit<NewAttempt, "tries"> {
  readonly answer: AnswerHead;
}

/** Sends once. Rejects with the signal's reason when it is aborted, and for nothing else that a receiver can bring about. */
export async function send(ports: SenderPorts, { request, shown, hidden }: Message, signal: AbortSignal): Promise<Sent> {
  const startedAt = ports.clock.now();
  let answer: AnswerHead = null;
  const heard = (status: number, headers: { readonly [name: string]: string }): void => {
    answer = { status, headers };
  };
  const ended = (body: string, error: NewAttempt["error"]): Sent => ({
    startedAt,
    endedAt: Math.max(startedAt, ports.clock.now()),
    request: shown,
    response: answer && kept({ ...answer, body }, hidden),
    error,
    answer,
  });
  try {
    const bounds = { timeoutMs: ports.timeoutMs, maxBytes: KEPT_BYTES, maxRedirects: 0, cutsBody: true };
    const { body } = await ports.egress.request({ ...request, ...bounds, signal, onHead: heard });
    return ended(Buffer.from(body).toString("utf8"), null);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TerminalError || error instanceof RetryableError)) throw error;
    return ended("", answer ? null : { type: error.type, message: error.message });
  }
}

type Response = NonNullable<NewAttempt["response"]>;

function kept({ status, headers, body }: Response, hidden: readonly string[]): Response {
  if (hidden.length === 0) return { status, headers, body };
  const redactor = redactorOf(hidden);
  const clean = Object.entries(headers).map(([name, value]) => [name, redactor.text(value)] as const);
  return { status, headers: Object.fromEntries(clean), body: redactor.text(body) };
}
