import type { PlantedBug } from "../harness/plant.ts";

const bug = (name: string, file: string, from: string, to: string): PlantedBug => ({ name, file: `webhooks/${file}`, from, to });

/** What has gone wrong in senders of webhooks before. A check that finds none of these would find nothing else. */
export const PLANTED_WEBHOOK_BUGS: readonly PlantedBug[] = [
  bug(
    "recorded as delivered before the answer",
    "dispatcher.ts",
    "const attempted = await deliver(this.#ports, delivery, this.#closing.signal);",
    `const { method, url, tries } = delivery;
    const at = this.#ports.clock.now();
    const early = { tries, startedAt: at, endedAt: at, request: { method, url, headers: {} }, response: null, error: null };
    await this.#ports.webhooks.record(delivery, early, { state: "delivered" });
    const attempted = await deliver(this.#ports, delivery, this.#closing.signal);`,
  ),
  bug(
    "a new webhook-id at each attempt",
    "deliver.ts",
    "id: webhookId(runId, ordinal), headers, v",
    "id: webhookId(runId, ordinal + delivery.tries), headers, v",
  ),
  bug("Retry-After is not heard", "outcome.ts", 'Math.max(wait, retryAfterMs(answer?.headers["retry-after"], endedAt))', "wait"),
  bug("a redirect is followed", "sender.ts", "maxRedirects: 0", "maxRedirects: 3"),
  bug("the schedule starts anew at each attempt", "deliver.ts", "tries: delivery.tries + 1,", "tries: 1,"),
  bug("410 is tried again", "outcome.ts", "answer?.status === GONE", "answer?.status === GONE + 1"),
  bug("the jitter takes time away", "schedule.ts", "wait + Math.floor(", "wait - Math.floor("),
  bug("signed with another hash", "signature.ts", 'createHmac("sha256", key)', 'createHmac("sha1", key)'),
];
