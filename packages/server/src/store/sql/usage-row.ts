import type { Usage } from "@millrace/engine";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { UsageRow, UsageSum } from "#store/usage-store";

/** Length of the parts of time that sums are kept for, in ms. */
export const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;

/** As it goes over to the thread that writes; `entry` counts from the first of the segment. Credits are a bigint's text. */
export type UsageColumns = readonly [
  entry: number,
  ordinal: number,
  at: number,
  path: string,
  attempt: number,
  kind: string,
  model: string | null,
  inputTokens: number,
  outputTokens: number,
  cachedTokens: number,
  reasoningTokens: number,
  credits: string,
  price: string | null,
  paidBy: string | null,
  cached: 1 | null,
];

export const USAGE_COLUMNS =
  "tenant_id, run_id, seq, ordinal, at, path, attempt, kind, model, input_tokens, output_tokens, cached_tokens, reasoning_tokens, credits, price, paid_by, cached, checksum";

/** Throws StoreCorrupt where the row is not what was written. */
export function readUsage(row: Row): UsageRow {
  const price = textOrNull(row, "price");
  const usage = {
    at: number(row, "at"),
    path: text(row, "path"),
    attempt: number(row, "attempt"),
    kind: text(row, "kind") as Usage["kind"],
    model: textOrNull(row, "model"),
    ...readCounts(row),
    credits: text(row, "credits"),
    price,
    paidBy: textOrNull(row, "paid_by"),
    cached: numberOrNull(row, "cached"),
  };
  const key = [text(row, "tenant_id"), text(row, "run_id"), number(row, "seq"), number(row, "ordinal")];
  if (usageChecksum([...key, ...Object.values(usage)]) !== row["checksum"])
    throw new StoreCorrupt(`a row of the usage of run ${key[1]} is not what was written`);
  return { ...usage, credits: BigInt(usage.credits), price: price === null ? null : JSON.parse(price), cached: usage.cached === 1 };
}

/** Rows from before answers were kept have none in the last place. */
export function usageChecksum(values: readonly (string | number | null)[]): number {
  return rowChecksum(values.at(-1) === null ? values.slice(0, -1) : values);
}

function readCounts(row: Row) {
  return {
    inputTokens: number(row, "input_tokens"),
    outputTokens: number(row, "output_tokens"),
    cachedTokens: number(row, "cached_tokens"),
    reasoningTokens: number(row, "reasoning_tokens"),
  };
}

/** Which sum: tenant, dimension, span, since, value. */
export type SumKey = readonly [tenantId: string, dimension: string, span: number, since: number, value: string];

export type SumTable = "usage_sums" | "draft_usage_sums";

export const SUM_COLUMNS =
  "tenant_id, dimension, span, since, value, requests, input_tokens, output_tokens, cached_tokens, reasoning_tokens, credits, checksum";

export function sumColumns(key: SumKey, { requests, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits }: UsageSum) {
  const values = [...key, requests, inputTokens, outputTokens, cachedTokens, reasoningTokens, String(credits)] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readSum(row: Row): UsageSum & { readonly since: number } {
  const sum = {
    since: number(row, "since"),
    value: text(row, "value"),
    requests: number(row, "requests"),
    ...readCounts(row),
    credits: BigInt(text(row, "credits")),
  };
  const key = [text(row, "tenant_id"), text(row, "dimension"), number(row, "span"), sum.since, sum.value] as const;
  if (sumColumns(key, sum).at(-1) !== row["checksum"])
    throw new StoreCorrupt(`the sum of usage of ${key[1]} ${sum.value} is not what was written`);
  return sum;
}
