import type { Usage } from "@millrace/engine";

/** What runs paid for. Written with their journals and by nobody else. Credits are counted in units of 10^-12, as a bigint. */
export interface UsageStore {
  /** Of one run, in the order of its journal. */
  ofRun(tenantId: string, runId: string): Promise<readonly UsageRow[]>;
  /** By value, in the order of values; each row is counted once, however deep workflows call one another. Default: of all runs. */
  sums(tenantId: string, dimension: UsageDimension, period: Period, part?: UsagePart): Promise<readonly UsageSum[]>;
  /** Of one value, by quarter of an hour, in order; those without usage are left out. Default: of all runs. */
  quarters(tenantId: string, of: UsageOf, period: Period, part?: UsagePart): Promise<readonly (UsageTotals & { readonly since: number })[]>;
  /** Credits of one value from a moment on (quarters of an hour), to the last. */
  spent(tenantId: string, of: UsageOf, from: number): Promise<bigint>;
}

/** What usage is counted to. Of `version` the value is `workflow/version`; of `tenant` it is empty. */
export const USAGE_DIMENSIONS = ["tenant", "workflow", "version", "key", "user", "model", "kind"] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** `published`: without what runs of drafts paid. What such a run calls is a run of what it called. */
export type UsagePart = "all" | "published";

export interface UsageOf {
  readonly dimension: UsageDimension;
  /** "": that which has none. */
  readonly value: string;
}

/** Epoch ms, `to` not included. Read as the quarters of an hour that they lie in. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** One paid request of one attempt. */
export interface UsageRow {
  readonly at: number;
  readonly path: string;
  readonly attempt: number;
  readonly kind: Usage["kind"];
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly credits: bigint;
  readonly price: { readonly [unit: string]: string } | null;
  /** Id of the called run that paid it: there it is counted. */
  readonly paidBy: string | null;
  /** A kept answer's: it was paid for when it was made. */
  readonly cached: boolean;
}

export interface UsageTotals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly credits: bigint;
}

export interface UsageSum extends UsageTotals {
  readonly value: string;
}
