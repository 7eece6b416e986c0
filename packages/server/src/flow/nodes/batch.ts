import type { TranslateGraph } from "#flow/bodies";
import { objectOf } from "#flow/json";
import { containerMembers, zippedItems } from "#flow/nodes/container";
import type { Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

/** All items side by side; how many at once and what a failing one means are ours, so they lie under `millrace`. */
export function translateBatch(values: ValueReader, translateGraph: TranslateGraph): Translated {
  const { bodyFlow, outputs, config } = containerMembers(values, translateGraph);
  const { concurrency, onItemError } = objectOf(values.node.raw["millrace"]);
  return {
    type: "batch",
    config: {
      items: zippedItems(values),
      ...(concurrency === undefined || concurrency === null ? {} : { concurrency }),
      ...(onItemError === undefined || onItemError === null ? {} : { onItemError }),
      ...config,
    },
    outputs,
    bodyFlow,
  };
}
