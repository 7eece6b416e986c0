import type { Json, JsonObject } from "@millrace/contract";
import type { NodeSpec } from "@millrace/engine";
import Type from "typebox";
import { definePure } from "#kit/executor";
import { defineSpec } from "#kit/spec";
import type { Sample } from "#testing/sample";

export const SUBJECT = "subject";

/** Stands for any upstream node: its result is its config. */
export const given = definePure<{ readonly fields: JsonObject }>(
  defineSpec({ type: "given", config: Type.Object({ fields: Type.Unknown() }), members: { fields: "literal" } }),
  ({ fields }) => ({ verb: "continue", output: fields }),
);

/** The smallest workflow in which the sample's node can stand: what it reads runs before it, and an end follows. */
export function documentOf(spec: NodeSpec, sample: Sample): JsonObject {
  const subject = { id: SUBJECT, type: spec.type, ...(sample.inputs && { inputs: sample.inputs }), ...sample.config };
  if (spec.role === "entry") return chained([subject], spec);
  const { start = {}, ...others } = (sample.scope ?? {}) as Readonly<Record<string, JsonObject>>;
  const before = [startNode(start), ...Object.entries(others).map(([id, fields]) => ({ id, type: "given", fields }))];
  if (!sample.around) return chained([...before, subject], spec);
  return chained([...before, { id: "around", ...sample.around, body: { nodes: [subject], edges: [] } }], null);
}

function startNode(values: JsonObject): JsonObject {
  return {
    id: "start",
    type: "start",
    input: { type: "object", properties: Object.fromEntries(Object.keys(values).map((name) => [name, {}])) },
  };
}

/** Each node follows the one before it; the end follows every port of the last one. `spec`: of the last one, where it is the subject. */
function chained(nodes: readonly JsonObject[], spec: NodeSpec | null): JsonObject {
  const running = spec?.role === "note" ? nodes.slice(0, -1) : nodes;
  const between = running.slice(1).map((node, index): Json => `${running[index]?.["id"]} -> ${node["id"]}`);
  const last = running.at(-1) ?? {};
  const ends = spec?.role === "end" ? [] : exitsOf(last, running.at(-2), spec).map((exit): Json => `${exit} -> end`);
  const end = spec?.role === "end" ? [] : [{ id: "end", type: "end", output: {} }];
  return { format: "millrace/1", name: "sample", nodes: [...nodes, ...end], edges: [...between, ...ends] };
}

/** Where the end is reached from: every port of the last node; from beside it, where nothing can follow it. */
function exitsOf(last: JsonObject, previous: JsonObject | undefined, spec: NodeSpec | null): readonly string[] {
  if (spec === null || spec.role === "note") return [String(last["id"])];
  const { id, type: _type, inputs: _inputs, ...config } = last;
  if (spec.role === "leave") return [String(previous?.["id"])];
  return [...new Set(spec.ports(config))].map((port) => `${id}.${port}`);
}
