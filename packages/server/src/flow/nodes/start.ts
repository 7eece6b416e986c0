import { record } from "#flow/json";
import { emptyOutputs, type Translated } from "#flow/nodes/translated";
import { schemaOf } from "#flow/types";
import type { ValueReader } from "#flow/values";

/** The workflow's parameters as JSON Schema, in the order of the file. The START of a body has none. */
export function translateStart({ node }: ValueReader): Translated {
  if (node.graph.container) return { type: "start", withInputs: false, ...emptyOutputs(node) };
  const properties = record(
    node.outputs.map(({ name, type, raw }) => {
      const { desc } = raw;
      return [name, { ...schemaOf(type), ...(typeof desc === "string" && desc !== "" ? { description: desc } : {}) }];
    }),
  );
  const required = [...new Set(node.outputs.filter(({ raw }) => raw["required"] === true).map(({ name }) => name))];
  return {
    type: "start",
    withInputs: false,
    config: { input: { type: "object", properties, ...(required.length > 0 ? { required } : {}) } },
  };
}
