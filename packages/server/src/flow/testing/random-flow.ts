import type { Json, JsonObject } from "@millrace/contract";
import { condition, container, END, edge, flow, node, output, row, START } from "#flow/testing/flows";

/** What one random node is made of; numbers choose among what is there. */
export interface Recipe {
  readonly kind: number;
  readonly from: number;
  readonly refs: readonly number[];
  readonly text: string;
  readonly body: readonly Recipe[];
}

const TYPES = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "OBJECT", "ARRAY_STRING", "ARRAY<OBJECT>", "FILE_DOC", "MATRIX", ""];
const NAMES = ["q", "t", "a-b", "index", "item", "total", "constructor", "__proto__", "count", "名前"];
const FORMATS = ["Text", "JSON", "NATIVE"];
/** What random texts are put together from. */
export const PIECES = [
  "{{q}}",
  "{{t}}",
  "{{ index }}",
  "{{sys.user_id}}",
  "{{env.K}}",
  "{{nope}}",
  "\\{{",
  "{{",
  "}}",
  "{",
  "}",
  '"',
  "\\",
  "/",
  "?",
  "{{t.a.0}}",
  "{{n0.t}}",
  "ab",
  "\n",
];

/** A file without faults: nodes of every type in a random order of edges, with references that are right, late, or nonsense. */
export function randomFlow(list: readonly Recipe[]): JsonObject {
  const { nodes, edges } = graph(list, { next: 0 }, ["start"]);
  return flow([START, ...nodes, END], [...edges, ...ends(nodes, edges, "end")]);
}

type State = { next: number };

function graph(list: readonly Recipe[], state: State, known: readonly string[]): { nodes: JsonObject[]; edges: JsonObject[] } {
  const nodes: JsonObject[] = [];
  const edges: JsonObject[] = [];
  const before: string[] = [known[0] ?? "start"];
  for (const recipe of list) {
    const id = `n${state.next++}`;
    const made = build(id, recipe, state, [...known, ...before, id, "ghost", `n${state.next + 1}`]);
    const source = before[recipe.from % before.length] ?? "start";
    nodes.push(made);
    edges.push(edge(source, id, handleOf(nodes.find((one) => one["id"] === source))));
    if (made["type"] === "CONDITION") edges.push(edge(id, `${id}x`, `source-${id}-else`));
    if (made["type"] === "CONDITION") nodes.push(node("FILE_PARSE", `${id}x`, { fileParseParam: {} }));
    before.push(id);
  }
  return { nodes, edges };
}

function handleOf(source: JsonObject | undefined): string | undefined {
  return source?.["type"] === "CONDITION" ? `source-${String(source["id"])}-if` : undefined;
}

/** An edge to `target` from each node that nothing follows. */
function ends(nodes: readonly JsonObject[], edges: readonly JsonObject[], target: string): JsonObject[] {
  const followed = new Set(edges.map((one) => `${String(one["sourceNodeID"])} ${String(one["sourceHandle"])}`));
  const all = [START, ...nodes].map((one) => ({ id: String(one["id"]), handle: handleOf(one) ?? `source-${String(one["id"])}` }));
  const open = all.filter(({ id, handle }) => !followed.has(`${id} ${handle}`) && (id !== "start" || nodes.length === 0));
  return open.map(({ id, handle }) => edge(id, target, handle));
}

function build(id: string, { kind, refs, text: content, body }: Recipe, state: State, known: readonly string[]): JsonObject {
  const variables = refs.map((ref, index) => variable(ref, index, known));
  const members = {
    inputs: variables,
    outputs: refs.map((ref) => output(NAMES[ref % NAMES.length] ?? "t", TYPES[ref % TYPES.length] ?? "")),
  };
  const first: Json = variables[0] ?? { source: "DIRECT", value: content };
  const made: readonly (() => JsonObject)[] = [
    () => node("TEXT_PROCESS", id, { ...members, textProcessParam: { mode: "JOIN", joinText: content } }),
    () =>
      node("TEXT_PROCESS", id, {
        ...members,
        textProcessParam: { mode: "SPLIT", splitTarget: kind % 2 ? content : first, delimiters: [content] },
      }),
    () =>
      node("HTTP", id, {
        ...members,
        httpParam: { request: { url: `https://x.example/${content}`, params: { [content]: content }, body: content } },
      }),
    () =>
      node("LLM", id, {
        ...members,
        llmParam: { userPrompt: content, responseFormat: FORMATS[kind % FORMATS.length] ?? "", plugins: plugins(refs) },
      }),
    () => node("DATABASE", id, { ...members, databaseParam: { sqlQuery: `S ${content}`, databaseIds: [] } }),
    () => node("CODE", id, { ...members, codeParam: { code: `return ${JSON.stringify(content)}` } }),
    () => condition(id, [row(first, content, first)], members),
    () =>
      node("VARIABLE_AGGREGATE", id, {
        ...members,
        variableAggregateParam: {
          strategy: "FIRST_NON_NULL",
          groups: [{ groupName: "g", groupType: "STRING", variables: [{ ...(first as JsonObject), type: "STRING" }] }],
        },
      }),
    () => loopOrBatch(kind % 2 ? "LOOP" : "BATCH", id, body, state, known, { ...members, inputs: [] }, first),
    () =>
      node("SET_INTERMEDIATE_VARIABLE", id, {
        ...members,
        setIntermediateVariableParam: { assignments: [{ leftValue: kind % 2 ? "total" : `${known[0]}#total#total`, rightValue: first }] },
      }),
  ];
  return (made[kind % made.length] ?? made[0])?.() ?? {};
}

/** None, some, the same twice, and such that can be no plugin. */
function plugins(refs: readonly number[]): JsonObject[] {
  return refs.filter((ref) => ref % 3 > 0).map((ref) => ({ pluginId: NAMES[ref % NAMES.length] ?? "t" }));
}

function variable(ref: number, index: number, known: readonly string[]): JsonObject {
  const name = NAMES[ref % NAMES.length] ?? "t";
  const sources = ["NODE", "DIRECT", "ENV", "GLOBAL", ""];
  const source = sources[ref % sources.length] ?? "";
  const value = source === "GLOBAL" ? "sys.user_id" : `${known[ref % known.length]}#${name}#${name}`;
  return {
    id: `${name}${index}`,
    name: NAMES[(ref + index) % NAMES.length] ?? "t",
    type: TYPES[(ref + index) % TYPES.length] ?? "",
    source,
    value,
  };
}

function loopOrBatch(
  type: "LOOP" | "BATCH",
  id: string,
  body: readonly Recipe[],
  state: State,
  known: readonly string[],
  members: JsonObject,
  first: Json,
): JsonObject {
  const inner = graph(body, state, ["start", id, ...known]);
  const end = node("END", `${id}_end`, { inputs: [{ ...(first as JsonObject), name: "t" }] });
  const subWorkflow = {
    workflowNodes: [START, ...inner.nodes, end],
    workflowEdges: [...inner.edges, ...ends(inner.nodes, inner.edges, `${id}_end`)],
  };
  const variables = [{ id: "total", name: "total", type: "NUMBER", source: "DIRECT", value: "0" }];
  return container(type, id, [], { intermediateVariables: variables }, { ...members, subWorkflow });
}
