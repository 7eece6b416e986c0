import { isJsonObject, type JsonObject } from "@millrace/contract";
import { ANY, INTEGER, parseType, STRING, type ValueType } from "@millrace/engine";
import { isContainer, type NativeDocument, type NativeNode } from "#flow/export/native";
import type { Said } from "#flow/export/said";
import { BARE_ITEM, saidOf } from "#flow/export/values";
import { fieldName } from "#flow/expression";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";
import { elementType } from "#flow/types";

/** A value that a node has for others, under the vendor's name and id. */
export interface Field {
  readonly name: string;
  readonly id: string;
  readonly type: ValueType;
}

type Fields = ReadonlyMap<string, Field>;

/** How nodes look in the file that is being written: as they were read from one, or as they are made anew. */
export class View {
  readonly document: NativeDocument;
  /** Nodes that are written as they were read. */
  readonly kept: ReadonlySet<NativeNode>;
  readonly #outputs = new Map<NativeNode, Fields>();
  readonly #frames = new Map<NativeNode, Fields>();

  constructor(document: NativeDocument, kept: ReadonlySet<NativeNode>) {
    this.document = document;
    this.kept = kept;
  }

  /** The vendor's id of the node. */
  idOf(node: NativeNode): string {
    return this.kept.has(node) ? textOf(objectOf(node.flow["node"])["id"]) : node.id;
  }

  /** What nodes behind it read of it, by native name. */
  outputsOf(node: NativeNode): Fields {
    const known = this.#outputs.get(node) ?? (this.kept.has(node) ? keptOutputs(node) : ownOutputs(node));
    this.#outputs.set(node, known);
    return known;
  }

  /** What the body of a container reads of it, by native name: `item.<name>`, `index`, variables. */
  frameOf(node: NativeNode): Fields {
    const known = this.#frames.get(node) ?? this.#readFrame(node);
    this.#frames.set(node, known);
    return known;
  }

  #readFrame(node: NativeNode): Fields {
    const param = this.kept.has(node) ? paramOf(node) : {};
    const fields = new Map<string, Field>([["index", { name: "index", id: "index", type: INTEGER }]]);
    const arrays = named(param["inputArrays"]);
    for (const [index, [name, list]] of (listsOf(node) ?? []).entries()) {
      fields.set(`item.${name}`, arrays[index] ?? { name, id: name, type: this.typeOf(list) });
    }
    const variables = named(param["intermediateVariables"]);
    for (const [index, [name, variable]] of Object.entries(objectOf(node.raw["variables"])).entries()) {
      fields.set(name, variables[index] ?? { name, id: name, type: readType(objectOf(variable)["type"]) });
    }
    for (const [name, field] of fields) if (name.startsWith("item.")) fields.set(name, { ...field, type: elementType(field.type) });
    return fields;
  }

  /** What the importer will know of a value's type. */
  typeOf(said: Said): ValueType {
    if (said.kind === "convert") return readType(said.type);
    if (said.kind === "text") return STRING;
    if (said.kind !== "value") return ANY;
    const found = this.find(said);
    return found && found.path.length === 0 ? found.field.type : ANY;
  }

  /** The field that a value is, or lies in; null: it is no node's. Of a container the frame counts where it has the name: its body reads it. */
  find({ root, steps }: Said & { kind: "value" }, inside = true): { node: NativeNode; field: Field; path: readonly string[] } | null {
    const node = this.document.byId.get(root);
    const [first, second] = steps;
    if (node === undefined || first === undefined) return null;
    if (!inside || !isContainer(node)) return located(node, this.outputsOf(node).get(first), steps.slice(1));
    const own = first === "item" && second !== undefined ? `item.${second}` : first;
    return located(node, this.frameOf(node).get(own), steps.slice(first === "item" ? 2 : 1));
  }
}

function located(node: NativeNode, field: Field | undefined, path: readonly string[]) {
  return field ? { node, field, path } : null;
}

function paramOf({ flow }: NativeNode): JsonObject {
  const node = objectOf(flow["node"]);
  return objectOf(node["loopParam"] ?? node["batchParam"]);
}

function readType(value: unknown): ValueType {
  return (typeof value === "string" ? parseType(value) : null) ?? ANY;
}

/** The variables that import reads, with their ids. */
function named(value: JsonObject[string] | undefined): readonly Field[] {
  return listOf(value)
    .map(objectOf)
    .filter(({ name }) => !isBlank(name))
    .map(({ name, id, type }) => ({ name: textOf(name), id: isBlank(id) ? "" : textOf(id), type: readType(type) }));
}

function keptOutputs(node: NativeNode): Fields {
  const fields = new Map<string, Field>();
  const isInput = node.type === "start" && node.graph.container === null;
  for (const field of named(objectOf(node.flow["node"])["outputs"])) {
    const native = isInput ? field.name : fieldName(field.name);
    if (!fields.has(native)) fields.set(native, field);
  }
  return fields;
}

function ownOutputs(node: NativeNode): Fields {
  const members =
    node.type === "start"
      ? Object.entries(objectOf(objectOf(node.raw["input"])["properties"])).map(
          ([name, schema]) => [name, schemaType(objectOf(schema))] as const,
        )
      : Object.entries(objectOf(node.raw["outputs"])).map(([name, output]) => [name, readType(objectOf(output)["type"])] as const);
  return new Map(members.map(([name, type]) => [name, { name, id: name, type }]));
}

/** The type that a Start parameter of this schema has. */
function schemaType(schema: JsonObject): ValueType {
  const { type, items } = schema;
  const file = schema["x-file"];
  if (typeof file === "string") return readType(`file<${file}>`);
  if (type === "array") return { kind: "array", items: items !== undefined && isJsonObject(items) ? schemaType(items) : ANY };
  return typeof type === "string" ? readType(type) : ANY;
}

/** What a container walks: a name for each list. null: what it walks is computed. */
export function listsOf(node: NativeNode): readonly (readonly [string, Said])[] | null {
  const { items } = node.raw;
  if (items === undefined || (Array.isArray(items) && items.length === 0)) return [];
  const said = saidOf(items, node.graph);
  if (said === null) return null;
  if (node.bareItems) return [[BARE_ITEM, said]];
  const [lists] = said.kind === "call" && said.name === "zip" ? said.given : [];
  if (lists?.kind === "object") return lists.members;
  if (lists?.kind !== "literal" || lists.value === null || !isJsonObject(lists.value)) return null;
  return Object.entries(lists.value).map(([name, value]) => [name, { kind: "literal", value }] as const);
}
