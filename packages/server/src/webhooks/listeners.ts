import type { Clock } from "#clock";
import { Bell } from "#runs/bell";
import type { RunContents } from "#store/store";
import type { Message } from "#webhooks/message";
import { runQuery } from "#webhooks/query";

/** What waits for one listener at most; what goes beyond it is counted and not kept. */
export const MAX_WAITING = 1_000;
export const MAX_WAITING_CHARS = 16 * 1_048_576;

/** A webhook as it goes out, without what the caller of invoke set for its receiver alone. */
export interface Overheard {
  readonly id: string;
  readonly run: Pick<RunContents, "id" | "workflowId" | "status">;
  readonly method: string;
  /** null: a test event that goes to nobody else. */
  readonly url: string | null;
  /** What a GET names its run with, behind its URL. */
  readonly query: string | null;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

export type Heard = { readonly delivery: Overheard } | { readonly missed: number };

export interface ListenOptions {
  readonly clock: Clock;
  /** After so long without a word, null is given: a sign of life. */
  readonly quietMs: number;
  /** Ends the listening. */
  readonly signal: AbortSignal;
}

/** Those who listen to the deliveries of a tenant. They change nothing about them, and nothing of them is stored. */
export class Listeners {
  readonly #mailboxes = new Map<string, Set<Mailbox>>();

  count(tenantId: string): number {
    return this.#mailboxes.get(tenantId)?.size ?? 0;
  }

  /** Nothing is made where nobody listens. */
  tell(tenantId: string, overheard: () => Overheard): void {
    const mailboxes = this.#mailboxes.get(tenantId);
    if (!mailboxes) return;
    const delivery = overheard();
    for (const mailbox of mailboxes) mailbox.put(delivery);
  }

  /** Everything from this call on, in order. */
  listen(tenantId: string, { clock, quietMs, signal }: ListenOptions): AsyncIterable<Heard | null> {
    const mailbox = new Mailbox();
    const mailboxes = this.#mailboxes.get(tenantId) ?? new Set();
    this.#mailboxes.set(tenantId, mailboxes.add(mailbox));
    const leave = (): void => {
      mailbox.bell.ring();
      mailboxes.delete(mailbox);
      if (mailboxes.size === 0) this.#mailboxes.delete(tenantId);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    return readMailbox(mailbox, clock, quietMs, signal);
  }
}

async function* readMailbox(mailbox: Mailbox, clock: Clock, quietMs: number, signal: AbortSignal): AsyncGenerator<Heard | null> {
  while (!signal.aborted) {
    const heard = mailbox.take();
    if (heard) yield heard;
    else if (!(await mailbox.bell.heard(clock, quietMs))) yield null;
  }
}

class Mailbox {
  readonly bell = new Bell();
  readonly #waiting: Overheard[] = [];
  #chars = 0;
  #missed = 0;

  put(delivery: Overheard): void {
    const chars = this.#chars + (delivery.body?.length ?? 0);
    // After a gap nothing is kept before it was told of, so that the order says where it was.
    if (this.#missed > 0 || this.#waiting.length === MAX_WAITING || chars > MAX_WAITING_CHARS) this.#missed += 1;
    else {
      this.#waiting.push(delivery);
      this.#chars = chars;
    }
    this.bell.ring();
  }

  take(): Heard | null {
    const delivery = this.#waiting.shift();
    if (delivery) {
      this.#chars -= delivery.body?.length ?? 0;
      return { delivery };
    }
    if (this.#missed === 0) return null;
    const missed = this.#missed;
    this.#missed = 0;
    return { missed };
  }
}

/** Of the caller's headers only what says how to read the body: others may be credentials. */
export function overheardOf({ id, request }: Message, run: RunContents, url: string | null): Overheard {
  const { method, headers = [], serverHeaders = [], body } = request;
  const fields = [...serverHeaders, ...headers.filter(([name]) => name.toLowerCase() === "content-type")];
  return {
    id,
    run,
    method,
    url,
    query: method === "GET" ? runQuery(run) : null,
    headers: Object.fromEntries(fields),
    body: typeof body === "string" ? body : null,
  };
}
