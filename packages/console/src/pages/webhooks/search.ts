import type { DeliveryRow } from "#api/webhooks.ts";

/** States of deliveries, in the order of a delivery's life. */
export const STATES = ["waiting", "due", "delivered", "failed", "disabled"] as const satisfies readonly DeliveryRow["state"][];

/** How far back a list goes, ms. */
export const TIMES = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000 } as const;
export type TimeName = keyof typeof TIMES;

/** In whole minutes, so that the beginning does not move with every look at the clock. */
export function sinceOf(time: TimeName | undefined, now: number): number | undefined {
  return time === undefined ? undefined : Math.floor((now - TIMES[time]) / 60_000) * 60_000;
}

/** What the page's address says beyond its path. */
export interface WebhookSearch {
  readonly workflow?: string | undefined;
  readonly state?: DeliveryRow["state"] | undefined;
  /** How far back the list goes. */
  readonly time?: TimeName | undefined;
  /** The delivery that is open. */
  readonly delivery?: string | undefined;
}

export function webhookSearch(given: Readonly<Record<string, unknown>>): WebhookSearch {
  const { workflow, delivery } = given;
  const time = (Object.keys(TIMES) as TimeName[]).find((one) => one === given["time"]);
  const state = STATES.find((one) => one === given["state"]);
  return {
    ...(typeof workflow === "string" && { workflow }),
    ...(state && { state }),
    ...(time && { time }),
    ...(typeof delivery === "string" && { delivery }),
  };
}
