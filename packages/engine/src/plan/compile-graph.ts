import { isJsonObject, type Json, type JsonObject, type Said, say, toPointer } from "@millrace/contract";
import type { MemberMode, ResultShape } from "#node-spec";
import { compileEnvelope } from "#plan/compile-envelope";
import { compileObject, compileValue, constant, objectOf, type ValueCompiler } from "#plan/compile-value";
import type { CompiledValue } from "#plan/compiled-value";
import type { GraphDraft, NodeDraft } from "#plan/draft";
import { acceptsAnything, isPlainObject, resolvedSchema } from "#plan/dynamic";
import type { ContainerPlan, GraphPlan, NodePlan, OutputPlan } from "#plan/plan-types";
import type { ProblemDetails, Problems } from "#plan/problem";
import { ScopeNames } from "#plan/scope-names";
import { nearHint } from "#suggest";
import { ANY, parseType, type ValueType } from "#value/types";

interface Compiler {
  readonly env: { readonly [name: string]: Json };
  readonly known: KnownNames;
  readonly problems: Problems;
}

/** Names that exist where the plan is made; absent: not known there, and not checked. */
export interface KnownNames {
  readonly secrets?: ReadonlySet<string>;
  readonly connections?: ReadonlySet<string>;
  /** Of the connections that list their models: those, by the connection's name. */
  readonly models?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Imported documents whose operations are tools; connections may be to servers of tools. */
  readonly tools?: ReadonlySet<string>;
}

/** Compiles a graph and the bodies inside it. Problems are collected; what could not be compiled is a constant null. */
export function compileGraph(draft: GraphDraft, compiler: Compiler): GraphPlan {
  return compileGraphFrom(draft, compiler, { next: 0 });
}

/** Numbers nodes over the whole document, in document order. */
interface Order {
  next: number;
}

function compileGraphFrom(draft: GraphDraft, compiler: Compiler, order: Order): GraphPlan {
  const running = draft.nodes.filter((node) => node.spec.role !== "note");
  const incoming = new Map<NodeDraft, number>();
  for (const edge of draft.edges) incoming.set(edge.to, (incoming.get(edge.to) ?? 0) + 1);
  const nodes = draft.nodes.map((node) => compileNode(node, incoming.get(node) ?? 0, compiler, order));
  return {
    depth: draft.depth,
    nodes,
    indexOf: new Map(draft.nodes.map((node) => [node.id, node.index])),
    entries: running.filter((node) => !incoming.has(node)).map((node) => node.index),
    live: running.length,
  };
}

function compileNode(node: NodeDraft, incoming: number, compiler: Compiler, order: Order): NodePlan {
  const place = order.next++;
  const inputs = node.envelope.inputs as JsonObject | undefined;
  const secrets = new Set<string>();
  reportTools(node, compiler);
  return {
    id: node.id,
    name: node.envelope.name ?? node.id,
    type: node.spec.type,
    spec: node.spec,
    index: node.index,
    order: place,
    incoming,
    ports: node.ports,
    targets: targetsOf(node),
    config: compileConfig(node, compiler, secrets),
    secrets: [...secrets],
    ...connectionsOf(node, compiler),
    checked: checkedMembers(node),
    inputs: inputs ? compileObject(Object.entries(inputs), `${node.at}/inputs`, valueCompiler(node, compiler, { inputs: [] })) : null,
    outputs: compileOutputs(node, compiler),
    ...compileEnvelope(node, valueCompiler(node, compiler)),
    container: compileContainer(node, compiler, order),
  };
}

function targetsOf(node: NodeDraft): ReadonlyMap<string, readonly number[]> {
  const targets = new Map<string, number[]>();
  for (const edge of node.graph.edges) {
    if (edge.from !== node) continue;
    const list = targets.get(edge.port) ?? [];
    targets.set(
      edge.port,
      [...list, edge.to.index].sort((a, b) => a - b),
    );
  }
  return targets;
}

function modeOf(node: NodeDraft, member: string): MemberMode {
  return node.spec.members[member] ?? "node";
}

/** The config that an executor gets: members read in the node's own scope. */
function compileConfig(node: NodeDraft, compiler: Compiler, secrets: Set<string>): CompiledValue {
  const own = Object.entries(node.config).filter(([member]) => !["graph", "body", "iteration"].includes(modeOf(node, member)));
  return objectOf(own.map(([member, value]) => [member, compileMember(node, member, value, compiler, secrets)] as const));
}

function compileMember(node: NodeDraft, member: string, value: Json, compiler: Compiler, secrets: Set<string>): CompiledValue {
  const mode = modeOf(node, member);
  if (mode === "literal") return constant(value);
  const at = node.at + toPointer([member]);
  const plain = { ...valueCompiler(node, compiler), lenient: mode === "lenient" };
  const fields = (node.spec.secretFields ?? [])
    .filter((field) => field.startsWith(`/${member}/`))
    .map((field) => field.slice(member.length + 2));
  if (fields.length === 0 || !isJsonObject(value)) return compileValue(value, at, plain);
  const secret = { ...plain, ...secretReader(node, compiler, secrets) };
  return objectOf(
    Object.entries(value).map(
      ([key, inner]) => [key, compileValue(inner, at + toPointer([key]), fields.includes(key) ? secret : plain)] as const,
    ),
  );
}

/** Members below one of the spec's secret fields may read secrets; all others may not. What they read is noted. */
function secretReader(node: NodeDraft, compiler: Compiler, secrets: Set<string>): Pick<ValueCompiler, "names" | "readsSecret"> {
  const { known, problems } = compiler;
  return {
    names: valueCompiler(node, compiler, { secretsAllowed: true }).names,
    readsSecret: (name, at, span) => {
      secrets.add(name);
      if (known.secrets && !known.secrets.has(name))
        problems.add("unknown_secret", at, ...missing(node, "secret", name, known.secrets, span));
    },
  };
}

/** Names of the connections that the node uses, and apart from them of those that its models are of. */
function connectionsOf(node: NodeDraft, { known, problems }: Compiler): Pick<NodePlan, "connections" | "models" | "model"> {
  const uses = node.spec.connections?.(node.config) ?? [];
  for (const { name, at, model } of uses) {
    const listed = model === undefined ? undefined : known.models?.get(name);
    if (known.connections && !known.connections.has(name))
      problems.add("unknown_connection", node.at + toPointer(at), ...missing(node, "connection", name, known.connections));
    else if (model !== undefined && listed && !listed.has(model)) {
      const hint =
        nearHint(model, listed) ?? say`add it to the models of the connection, or name one of: ${[...listed].slice(0, 5).join(", ")}`;
      const message = say`the connection ${name} does not list the model ${model}`;
      problems.add("unknown_model", node.at + toPointer(at), message, { level: "warning", nodeId: node.id, hint });
    }
  }
  const names = (isModel: boolean) => [...new Set(uses.flatMap(({ name, model }) => ((model !== undefined) === isModel ? [name] : [])))];
  const first = uses.find(({ model }) => model !== undefined);
  return { connections: names(false), models: names(true), model: first ? `${first.name}/${first.model}` : null };
}

function reportTools(node: NodeDraft, { known, problems }: Compiler): void {
  if (!known.tools) return;
  for (const { collection, at } of node.spec.tools?.(node.config) ?? []) {
    if (known.tools.has(collection) || known.connections?.has(collection)) continue;
    const hint = nearHint(collection, known.tools) ?? say`millrace tools import ${collection} FILE`;
    const details = { level: "warning", nodeId: node.id, hint } as const;
    problems.add("unknown_tool", node.at + toPointer(at), say`there are no tools ${collection} on this server`, details);
  }
}

/** It may come to be before the node runs, so it is a warning. */
function missing(
  { id }: NodeDraft,
  what: "secret" | "connection",
  name: string,
  known: ReadonlySet<string>,
  span: Pick<ProblemDetails, "start" | "end"> = {},
): readonly [message: Said, details: ProblemDetails] {
  const hint = nearHint(name, known) ?? say`millrace ${what}s set ${name}`;
  return [
    what === "secret" ? say`there is no secret ${name} on this server` : say`there is no connection ${name} on this server`,
    { level: "warning", nodeId: id, hint, ...span },
  ];
}

/** Members with an expression where the schema wants something else than text: what comes out is checked at run time. */
function checkedMembers(node: NodeDraft): NodePlan["checked"] {
  const properties = (node.spec.config as { properties?: { [name: string]: JsonObject } }).properties ?? {};
  return Object.entries(node.config)
    .filter(([member, value]) => modeOf(node, member) === "node" && typeof value !== "boolean" && JSON.stringify(value).includes("{{"))
    .flatMap(([member]) => {
      const schema = properties[member] && resolvedSchema(properties[member]);
      return schema && !acceptsAnything(schema) ? [{ member, schema, holdsMembers: isPlainObject(schema) }] : [];
    });
}

function compileOutputs(node: NodeDraft, compiler: Compiler): readonly OutputPlan[] | null {
  const outputs = node.envelope.outputs;
  if (!outputs) return null;
  const result = node.spec.version === 0 ? OPEN : node.spec.result(node.config);
  const reader = valueCompiler(node, compiler, { result });
  return Object.entries(outputs).map(([name, output]) => {
    const at = `${node.at}/outputs${toPointer([name])}`;
    const type = typeOf(output.type, `${at}/type`, node, compiler.problems);
    const value = (output.value ?? `{{ result[${JSON.stringify(name)}] }}`) as Json;
    return { name, type, value: compileValue(value, `${at}/value`, reader) };
  });
}

const OPEN: ResultShape = { fields: {}, open: true };

function typeOf(spelling: string | undefined, at: string, node: NodeDraft, problems: Problems): ValueType {
  if (spelling === undefined) return ANY;
  const type = parseType(spelling);
  if (!type) problems.add("unknown_type", at, say`unknown type ${spelling}; it is read as any`, { level: "warning", nodeId: node.id });
  return type ?? ANY;
}

function valueCompiler(
  node: NodeDraft,
  compiler: Compiler,
  more: { result?: ResultShape; secretsAllowed?: boolean; inputs?: readonly string[] } = {},
) {
  const names = new ScopeNames({
    graph: node.graph,
    reader: node,
    env: compiler.env,
    inputs: more.inputs ?? Object.keys(node.envelope.inputs ?? {}),
    result: more.result ?? null,
    secretsAllowed: more.secretsAllowed ?? false,
  });
  return { names, problems: compiler.problems, nodeId: node.id, lenient: false };
}

function compileContainer(node: NodeDraft, compiler: Compiler, order: Order): ContainerPlan | null {
  const { container } = node.spec;
  if (!container || !node.body) return null;
  const body = compileGraphFrom(node.body, compiler, order);
  return {
    body,
    mode: container.mode,
    collect: compileScoped(node, "body", node.body, null, compiler),
    while: compileScoped(node, "iteration", node.body, null, compiler),
    variables: node.variables,
  };
}

/** `collect` and `while`: the member of that mode, read inside the body. `while` sees no node of it: none has run yet. */
function compileScoped(
  node: NodeDraft,
  mode: "body" | "iteration",
  body: GraphDraft,
  reader: NodeDraft | null,
  compiler: Compiler,
): CompiledValue | null {
  const found = Object.entries(node.config).find(([member]) => modeOf(node, member) === mode);
  if (!found) return null;
  const [member, value] = found;
  const graph = mode === "body" ? body : { ...body, byId: new Map() };
  const names = new ScopeNames({
    graph,
    reader,
    env: compiler.env,
    inputs: [],
    result: null,
    secretsAllowed: false,
  });
  return compileValue(value, node.at + toPointer([member]), { names, problems: compiler.problems, nodeId: node.id, lenient: false });
}
