import type { Json } from "@millrace/contract";
import { DEFAULT_CONCURRENCY } from "#batch/concurrency";
import { spec } from "#batch/spec";
import { definePure } from "#kit/executor";
import { itemsOf } from "#kit/iteration";

interface Config {
  readonly items: Json;
  readonly concurrency?: number;
  readonly onItemError?: "fail" | "null" | "drop";
}

export const executor = definePure<Config>(spec, (config, { maxIterations }) => {
  const items = itemsOf(config.items, maxIterations);
  return {
    verb: "iterate",
    mode: "parallel",
    items,
    count: items.length,
    concurrency: config.concurrency ?? DEFAULT_CONCURRENCY,
    onItemError: config.onItemError ?? "fail",
    variables: {},
  };
});
