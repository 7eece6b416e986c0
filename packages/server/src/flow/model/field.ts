import type { Expression } from "#flow/expression";

/** Something that can be read of a node. */
export interface Field {
  readonly name: string;
  readonly expression: Expression;
}

/** What can be read of a node, by id and by name. */
export interface Fields {
  readonly byId: ReadonlyMap<string, Field>;
  readonly byName: ReadonlyMap<string, Field>;
}

export const NO_FIELDS: Fields = { byId: new Map(), byName: new Map() };
