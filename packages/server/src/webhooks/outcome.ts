import type { DeliveryOutcome } from "#store/webhook-store";
import { retryAfterMs } from "#webhooks/retry-after";
import { waitAfter } from "#webhooks/schedule";

/** The head of what a receiver answered; null: nothing came. */
export type AnswerHead = { readonly status: number; readonly headers: { readonly [name: string]: string } } | null;

export interface Tried {
  /** Attempts of this schedule, this one included. */
  readonly tries: number;
  readonly endedAt: number;
  /** In [0, 1). */
  readonly chance: number;
}

const GONE = 410;

/** Any 2xx has arrived, 410 wants no more, and everything else, redirects included, is tried again as long as the schedule lasts. */
export function outcomeOf(answer: AnswerHead, { tries, endedAt, chance }: Tried): DeliveryOutcome {
  if (answer && answer.status >= 200 && answer.status < 300) return { state: "delivered" };
  if (answer?.status === GONE) return { state: "gone" };
  const wait = waitAfter(tries, chance);
  if (wait === null) return { state: "failed" };
  return { state: "due", dueAt: endedAt + Math.max(wait, retryAfterMs(answer?.headers["retry-after"], endedAt)) };
}
