import { type Expression, member, NULL } from "#flow/expression";
import { envValue, globalValue } from "#flow/globals";
import { MAX_NAME_CHARS } from "#flow/limits";
import type { Fields } from "#flow/model/field";
import { dotsOf, walk } from "#flow/model/fields";
import type { FlowGraph, FlowNode } from "#flow/model/graph";
import { quote } from "#flow/problems";
import { commonType } from "#flow/types";
import type { ValueReader } from "#flow/values";
import { isIdentifier } from "#flow/vendor";

/** A graph around the reader, and where in it the reader lies: itself, or the container that holds it. */
interface Level {
  readonly graph: FlowGraph;
  readonly anchor: FlowNode;
  /** The anchor is a container, and the reader lies in its body. */
  readonly around: boolean;
}

/**
 * What `{{name}}` means, by the first rule that fits: the node's own inputs, variables of the loops around it, `sys.*` and `env.*`,
 * `<node>.<output>`, any upstream output of that name. A path may follow: `{{user.tags.0}}`. Null: nothing.
 */
export function resolveName(name: string, at: string, values: ValueReader): Expression | null {
  if (name.length > MAX_NAME_CHARS) return null;
  const levels = levelsOf(values.node);
  return (
    withPath(name, (head) => ownInput(head, values.node)) ??
    withPath(name, (head) => loopVariable(head, levels)) ??
    globalValue(name) ??
    envName(name, at, values) ??
    nodeOutput(name, levels) ??
    withPath(name, (head) => upstreamOutput(head, levels))
  );
}

function levelsOf(node: FlowNode): readonly Level[] {
  const levels: Level[] = [{ graph: node.graph, anchor: node, around: false }];
  for (let container = node.graph.container; container; container = container.graph.container) {
    levels.push({ graph: container.graph, anchor: container, around: true });
  }
  return levels;
}

/** Looks up the part before the first dot; what follows is a path. Only identifiers can be reached from a template. */
function withPath(name: string, find: (head: string) => Expression | null): Expression | null {
  const dot = name.indexOf(".");
  const head = dot < 0 ? name : name.slice(0, dot);
  const found = isIdentifier(head) ? find(head) : null;
  return found === null || dot < 0 ? found : walk(found, name.slice(dot + 1));
}

function ownInput(name: string, node: FlowNode): Expression | null {
  const input = node.inputsByName.get(name);
  return input ? { code: member("inputs", name), type: input.type } : null;
}

function loopVariable(name: string, levels: readonly Level[]): Expression | null {
  for (const { anchor, around } of levels) {
    const field = around ? anchor.frame.byName.get(name) : undefined;
    if (field) return field.expression;
  }
  return null;
}

function envName(name: string, at: string, values: ValueReader): Expression | null {
  if (!name.startsWith("env.")) return null;
  return withPath(name.slice("env.".length), (head) => {
    if (!values.translation.readEnv(head)) {
      values.translation.report(
        values.node,
        "MR_ENV_UNDEFINED",
        at,
        `The environment variable ${quote(head)} has no value on this server.`,
      );
    }
    return envValue(head);
  });
}

/** `<node id or name>.<output>`. Ids and names may hold dots: the longest that fits counts, an id before a name. */
function nodeOutput(name: string, levels: readonly Level[]): Expression | null {
  for (const dot of dotsOf(name).toReversed()) {
    const key = name.slice(0, dot);
    for (const level of levels) {
      for (const node of [level.graph.byId.get(key), level.graph.byName.get(key)]) {
        const fields = node && visibleFields(node, level);
        const found = fields ? withPath(name.slice(dot + 1), (head) => fields.byName.get(head)?.expression ?? null) : null;
        if (found) return found;
      }
    }
  }
  return null;
}

function visibleFields(node: FlowNode, { graph, anchor, around }: Level): Fields | null {
  if (node === anchor) return around ? node.frame : null;
  return graph.upstream[anchor.index]?.has(node.index) ? node.fields : null;
}

/** Every upstream output of that name, the latest first: the first that is not null counts. */
function upstreamOutput(name: string, levels: readonly Level[]): Expression | null {
  const found = levels.flatMap(({ graph, anchor }) => {
    const upstream = graph.upstream[anchor.index];
    return producersOf(name, graph).filter((node) => upstream?.has(node.index));
  });
  if (found.length === 0) return null;
  return coalesce(found.flatMap((node) => node.fields.byName.get(name)?.expression ?? []).filter((value) => value !== NULL));
}

function coalesce(values: readonly Expression[]): Expression {
  const [first, ...others] = values;
  if (first === undefined) return NULL;
  if (others.length === 0) return first;
  return { code: `coalesce(${values.map((value) => value.code).join(", ")})`, type: values.map((value) => value.type).reduce(commonType) };
}

const PRODUCERS = new WeakMap<FlowGraph, ReadonlyMap<string, readonly FlowNode[]>>();

/** The nodes of a graph with an output of that name: those with the longest way from START first, then as they stand in the file. */
function producersOf(name: string, graph: FlowGraph): readonly FlowNode[] {
  let index = PRODUCERS.get(graph);
  if (index === undefined) {
    index = indexOutputs(graph);
    PRODUCERS.set(graph, index);
  }
  return index.get(name) ?? [];
}

function indexOutputs(graph: FlowGraph): ReadonlyMap<string, readonly FlowNode[]> {
  const depthOf = (node: FlowNode): number => graph.reach.depth[node.index] ?? 0;
  const index = new Map<string, FlowNode[]>();
  for (const node of graph.nodes.toSorted((a, b) => depthOf(b) - depthOf(a) || a.index - b.index)) {
    for (const name of node.fields.byName.keys()) {
      const nodes = index.get(name);
      if (nodes) nodes.push(node);
      else index.set(name, [node]);
    }
  }
  return index;
}
