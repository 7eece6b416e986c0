import type { UsageReport } from "@millrace/contract";

export const RANGES_HOURS = [24, 168, 720, 2160] as const;
export type RangeHours = (typeof RANGES_HOURS)[number];

export const GROUPS = ["workflow", "version", "key", "user", "model", "kind", "day"] as const satisfies readonly UsageReport["by"][];
export type Group = (typeof GROUPS)[number];

/** What the page's address says beyond its path. */
export interface UsageSearch {
  readonly hours?: RangeHours | undefined;
  readonly by?: Group | undefined;
  /** What runs of drafts paid counts too. */
  readonly drafts?: true | undefined;
}

export function usageSearch({ hours, by, drafts }: Readonly<Record<string, unknown>>): UsageSearch {
  const range = RANGES_HOURS.find((one) => one === Number(hours));
  const group = GROUPS.find((one) => one === by);
  return { ...(range && { hours: range }), ...(group && { by: group }), ...(drafts === true && { drafts }) };
}
