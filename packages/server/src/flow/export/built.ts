import type { Json, JsonObject } from "@millrace/contract";
import { type Sayer, textValue } from "#flow/export/say";
import { saidOf } from "#flow/export/values";
import { isBlank, record } from "#flow/json";
import type { FlowNodeType } from "#flow/vendor";

/** A native node in the vendor's words: what its type does not share with all others. */
export interface Built {
  readonly type: FlowNodeType;
  readonly param?: JsonObject;
  /** In place of the node's own `inputs`. */
  readonly inputs?: readonly JsonObject[];
  /** What outputs say beside their names and types, by name. */
  readonly outputs?: readonly JsonObject[];
  /** Ours, under `millrace`. */
  readonly own?: JsonObject;
}

/** The members that there are. */
export function builtParam(members: { readonly [name: string]: Json | undefined }): JsonObject {
  return record(Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A text-or-reference field: one value as a variable, so that null stays null; anything else as a template. */
export function sourcedText(value: Json | undefined, sayer: Sayer, ...at: readonly (string | number)[]): Json {
  const said = saidOf(value ?? null, sayer.node.graph);
  if (said?.kind === "value" && said.root !== "inputs") return { ...sayer.sourced(textValue(said), ...at) };
  if (said?.kind === "convert") return { ...sayer.sourced(textValue(said), ...at) };
  return isBlank(value) ? "" : sayer.template(value, ...at);
}
