import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type TranslatedGraph, translateEdges } from "#flow/bodies";
import { configOf } from "#flow/expression";
import { objectOf, omit, record } from "#flow/json";
import { MAX_NATIVE_NAME_CHARS, MAX_NATIVE_NOTE_CHARS } from "#flow/limits";
import type { FlowGraph, FlowNode } from "#flow/model/graph";
import { translateDead } from "#flow/nodes/comment";
import type { Translated } from "#flow/nodes/translated";
import { TRANSLATORS } from "#flow/nodes/translators";
import { inNodeOrder } from "#flow/order";
import type { Translation } from "#flow/translation";
import { ValueReader } from "#flow/values";

/** Positions by node path. */
export type Layout = { [nodePath: string]: readonly [x: number, y: number] };

/** Members of a node's `millrace` that are the native envelope's. */
export const ENVELOPE = ["timeoutMs", "retry", "onError", "skipIf", "cache", "concurrency"] as const;

/** Those of the envelope that are there; the `concurrency` of a batch, a number, is its type's. */
export function envelopeMembers(own: JsonObject): readonly (readonly [string, Json])[] {
  return ENVELOPE.flatMap((name) => {
    const value = own[name] ?? null;
    return value === null || (name === "concurrency" && !isJsonObject(value)) ? [] : [[name, value] as const];
  });
}

/** Translates graphs and the bodies inside them, and collects where their nodes stand. */
export class GraphTranslator {
  readonly layout: Layout = {};
  readonly #translation: Translation;

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  translate(graph: FlowGraph): TranslatedGraph {
    return { nodes: graph.nodes.map((node) => this.#node(node)), ...translateEdges(graph) };
  }

  #node(node: FlowNode): JsonObject {
    const values = new ValueReader(node, this.#translation);
    const position = positionOf(node);
    if (position) this.layout[pathOf(node)] = position;
    const translated = node.dead ? translateDead(values) : TRANSLATORS[node.type](values, (body) => this.translate(body));
    const { type, config, outputs } = translated;
    return {
      id: node.nativeId,
      type,
      name: cut(node.name, MAX_NATIVE_NAME_CHARS),
      ...noteOf(node),
      ...inputsOf(values, translated),
      ...config,
      ...(outputs === undefined ? {} : { outputs }),
      ...envelopeOf(node, translated),
      flow: { node: keptNode(node, position !== null), ...portsOf(node), ...(translated.bodyFlow ? { body: translated.bodyFlow } : {}) },
    };
  }
}

/** `loop/inner`: the ids of the containers around it, and its own. */
function pathOf(node: FlowNode): string {
  const container = node.graph.container;
  return container ? `${pathOf(container)}/${node.nativeId}` : node.nativeId;
}

function positionOf({ raw: { x, y } }: FlowNode): readonly [number, number] | null {
  return typeof x === "number" && typeof y === "number" ? [x, y] : null;
}

function noteOf({ raw: { desc }, type }: FlowNode): { readonly note?: string } {
  return typeof desc === "string" && desc.trim() !== "" && type !== "COMMENT" ? { note: cut(desc, MAX_NATIVE_NOTE_CHARS) } : {};
}

function inputsOf(values: ValueReader, { withInputs = true }: Translated): { readonly inputs?: JsonObject } {
  const { inputs, dead } = values.node;
  if (!withInputs || dead || inputs.length === 0) return {};
  return { inputs: record(inputs.map((input) => [input.name, configOf(values.declared(input))])) };
}

function envelopeOf(node: FlowNode, { timeoutMs }: Translated): JsonObject {
  const own = objectOf(node.raw["millrace"]);
  const members = node.dead ? [] : envelopeMembers(own);
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...record(members) };
}

/** The handle that each port stands for. */
function portsOf({ ports }: FlowNode): { readonly ports?: JsonObject } {
  return ports === null ? {} : { ports: record([...ports.byHandle].map(([handle, port]) => [port, handle])) };
}

const BODY: ReadonlySet<string> = new Set(["subWorkflow"]);
const BODY_AND_POSITION: ReadonlySet<string> = new Set(["subWorkflow", "x", "y"]);

/** The node as read, for export: without what the document holds elsewhere. A node that never runs keeps its body too: it has no other place. */
function keptNode(node: FlowNode, positioned: boolean): JsonObject {
  const kept = inNodeOrder({ ...omit(node.raw, positioned ? BODY_AND_POSITION : BODY), id: node.id }, node.type);
  return node.dead && node.body ? { ...kept, subWorkflow: wholeGraph(node.body) } : kept;
}

function wholeGraph(graph: FlowGraph): JsonObject {
  return {
    ...graph.raw,
    workflowNodes: graph.nodes.map((node) => ({ ...node.raw, id: node.id, ...(node.body ? { subWorkflow: wholeGraph(node.body) } : {}) })),
  };
}

/** At most `max` characters, none of them half of a pair. */
export function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : text
        .trim()
        .slice(0, max)
        .replace(/[\uD800-\uDBFF]$/, "");
}
