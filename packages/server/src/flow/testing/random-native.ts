import type { Json, JsonObject } from "@millrace/contract";

/** What one random native node is made of; numbers choose among what is there. */
export interface NativeRecipe {
  readonly kind: number;
  readonly from: number;
  readonly refs: readonly number[];
  readonly text: string;
  readonly body: readonly NativeRecipe[];
}

interface Maker {
  next: number;
  /** Only what .flow can say. */
  readonly sayable: boolean;
}

/** Something that expressions can read: its name, and whether it is a text. */
interface Readable {
  readonly name: string;
  readonly isText: boolean;
}

/** A document that can be planned: nodes of many types in a random order of edges. With `sayable` false also such that .flow has no word for. */
export function randomNative(recipes: readonly NativeRecipe[], sayable: boolean): JsonObject {
  const maker: Maker = { next: 0, sayable };
  const start = {
    id: "start",
    type: "start",
    input: { type: "object", properties: { q: { type: "string" }, list: { type: "array" }, n: { type: "integer" } } },
  };
  const known = ["q", "list", "n"].map((name) => ({ name: `start.${name}`, isText: name === "q" }));
  const { nodes, edges, sinks } = graph(recipes, maker, known, "start", []);
  const end = { id: "end", type: "end", output: { all: "{{ start.q }}" } };
  return {
    format: "millrace/1",
    name: "random",
    nodes: [start, ...nodes, end],
    edges: [...edges, ...sinks.map((sink) => `${sink} -> end`)],
  };
}

function graph(
  recipes: readonly NativeRecipe[],
  maker: Maker,
  around: readonly Readable[],
  start: string | null,
  loops: readonly string[],
) {
  const nodes: JsonObject[] = [];
  const edges: string[] = [];
  const open = new Set(start === null ? [] : [start]);
  const from: { id: string; reads: readonly Readable[] }[] = start === null ? [] : [{ id: start, reads: around }];
  for (const recipe of recipes) {
    const id = `n${maker.next++}`;
    const before = from[recipe.from % Math.max(1, from.length)];
    const reads = before?.reads ?? around;
    const node = make(id, recipe, maker, reads, loops);
    nodes.push(node);
    const own = fieldsOf(node);
    if (before) edges.push(`${before.id} -> ${id}`);
    if (before) open.delete(before.id);
    const ports = node["type"] === "condition" ? ["yes", "else"] : [null];
    for (const port of ports) {
      const way = port === null ? id : `${id}.${port}`;
      open.add(way);
      from.push({ id: way, reads: [...reads, ...own] });
    }
  }
  return { nodes, edges, sinks: [...open] };
}

const RESULTS: { readonly [type: string]: readonly (readonly [string, boolean])[] } = {
  template: [["text", true]],
  split: [["items", false]],
  code: [["x", false]],
  http: [["body", false]],
  llm: [["text", true]],
  agent: [["text", true]],
  aggregate: [["g", false]],
  loop: [["count", false]],
};

function fieldsOf(node: JsonObject): readonly Readable[] {
  const { id, type, variables, collect } = node;
  const own = typeof variables === "object" ? Object.keys(variables ?? {}).map((name) => [name, false] as const) : [];
  const items = collect === undefined ? [] : [["items", false] as const];
  return [...(RESULTS[String(type)] ?? []), ...own, ...items].map(([field, isText]) => ({ name: `${String(id)}.${field}`, isText }));
}

function make(
  id: string,
  { kind, refs, text, body }: NativeRecipe,
  maker: Maker,
  reads: readonly Readable[],
  loops: readonly string[],
): JsonObject {
  const read = (place: number): string => reads[(refs[place] ?? place) % reads.length]?.name ?? "start.q";
  const texts = reads.filter(({ isText }) => isText);
  const readText = texts[(refs[0] ?? 0) % Math.max(1, texts.length)]?.name ?? "start.q";
  const written = `${text.replaceAll("{{", "\\{{")} {{ ${read(0)} }} and {{ ${read(1)} }}`;
  const value = (place: number): Json => {
    if (kind % 7 === 0) return text.replaceAll("{{", "\\{{");
    return kind % 11 === 0 ? written : `{{ ${read(place)}${kind % 5 === 0 ? ".a[0]" : ""} }}`;
  };
  const made: (() => JsonObject)[] = [
    () => ({ id, type: "template", text: written }),
    () => ({ id, type: "template", name: `Text ${id}`, note: text, text: `{{ ${read(0)} }}` }),
    () => ({ id, type: "split", text: `{{ ${readText} }}`, delimiters: [",", text] }),
    () => ({ id, type: "code", inputs: { a: value(0), b: value(1) }, code: "return { x: inputs.a, y: inputs.b }" }),
    () => ({
      id,
      type: "http",
      request: { url: `https://x.example/{{ encodeURIComponent(${read(0)}) }}`, headers: { "X-A": `a ${read(0)}` } },
      retry: { maxAttempts: 2 },
    }),
    () => ({ id, type: "llm", system: text.replaceAll("{{", "\\{{"), prompt: `{{ ${read(0)} }}`, temperature: 0.5 }),
    () => ({
      id,
      type: "agent",
      prompt: `{{ ${read(0)} }}`,
      tools: [{ tool: "crm" }, { tool: "mail/send" }].slice(kind % 2),
      ...(kind % 3 ? {} : { maxSteps: 10 }),
      onLimit: "answer",
      ...(kind % 5 ? {} : { output: "json", outputs: named("text", "more") }),
    }),
    () => ({ id, type: "aggregate", groups: { g: [value(0), `{{ ${read(1)} }}`] } }),
    () => ({ id, type: "condition", cases: [{ port: "yes", match: "any", rows: [{ left: value(0), op: "eq", right: value(1) }] }] }),
    () => container("batch", id, body, maker, reads, loops, read(0)),
    () => container("loop", id, body, maker, reads, loops, read(0)),
    ...(loops.length === 0 ? [] : [() => ({ id, type: "set", assign: { [`total_${loops.at(-1)}`]: value(0) } })]),
    ...(maker.sayable ? [] : unsayable(id, read(0))),
  ];
  return (made[kind % made.length] ?? made[0])?.() ?? {};
}

/** Texts that an answer has by name. */
function named(...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, { type: "string", value: `{{ result.json.${name} }}` }]));
}

function unsayable(id: string, read: string): (() => JsonObject)[] {
  return [
    () => ({ id, type: "delay", ms: 5 }),
    () => ({ id, type: "agent", prompt: "x", tools: [{ knowledge: ["b"] }], maxSteps: 3 }),
    () => ({ id, type: "template", text: `{{ ${read} + 1 }}` }),
    () => ({ id, type: "code", language: "typescript", code: "return {}" }),
    () => ({ id, type: "condition", cases: [{ port: "yes", when: `{{ ${read} }}` }] }),
    () => ({ id, type: "code", inputs: { a: [`{{ ${read} }}`] }, code: "return {}" }),
    () => ({ id, type: "template", text: "", onError: { do: "continue" }, concurrency: 3 }),
    () => ({ id, type: 7 }),
  ];
}

function container(
  type: "batch" | "loop",
  id: string,
  body: readonly NativeRecipe[],
  maker: Maker,
  reads: readonly Readable[],
  loops: readonly string[],
  list: string,
): JsonObject {
  // Only the nearest loop is called so.
  const inner = [
    ...reads.filter(({ name }) => !name.startsWith("loop.")),
    { name: "item", isText: false },
    { name: "index", isText: false },
    ...(type === "loop" ? [{ name: `loop.total_${id}`, isText: false }] : []),
  ];
  const outer = loops.map((loop) => ({ name: `${loop}.index`, isText: false }));
  const { nodes, edges } = graph(body, maker, [...inner, ...outer], null, type === "loop" ? [...loops, id] : []);
  const last = nodes.findLast((node) => fieldsOf(node).length > 0);
  const collected = last ? fieldsOf(last)[0]?.name : undefined;
  return {
    id,
    type,
    items: `{{ ${list} }}`,
    ...(type === "loop" ? { variables: { [`total_${id}`]: { type: "number", value: 0 } } } : { concurrency: 2 }),
    ...(collected === undefined ? {} : { collect: `{{ ${collected} }}` }),
    body: { nodes, edges },
  };
}
