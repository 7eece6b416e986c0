export const TABS = ["timeline", "values", "logs", "webhooks", "raw"] as const;
export type Tab = (typeof TABS)[number];

export interface RunSearch {
  readonly tab?: Tab | undefined;
  /** Key of the span that is chosen. */
  readonly span?: string | undefined;
}

export function runSearch(given: Readonly<Record<string, unknown>>): RunSearch {
  const { span } = given;
  return { tab: TABS.find((one) => one === given["tab"]), ...(typeof span === "string" && { span }) };
}
