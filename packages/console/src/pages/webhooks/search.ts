import type { DeliveryRow } from "#api/webhooks.ts";

/** States of deliveries, in the order of a delivery's life. */
export const STATES = ["waiting", "due", "delivered", "failed", "disabled"] as const satisfies readonly DeliveryRow["state"][];

/** What the page's address says beyond its path. */
export interface WebhookSearch {
  readonly workflow?: string | undefined;
  readonly state?: DeliveryRow["state"] | undefined;
  /** The delivery that is open. */
  readonly delivery?: string | undefined;
}

export function webhookSearch(given: Readonly<Record<string, unknown>>): WebhookSearch {
  const { workflow, delivery } = given;
  const state = STATES.find((one) => one === given["state"]);
  return {
    ...(typeof workflow === "string" && { workflow }),
    ...(state && { state }),
    ...(typeof delivery === "string" && { delivery }),
  };
}
