import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type NativeDocument, type NativeGraph, type NativeNode, pointerIn, type Refuse } from "#flow/export/native";
import type { Said } from "#flow/export/said";
import { textValue } from "#flow/export/say";
import { isTemplated, piecesOf } from "#flow/export/values";
import { listsOf } from "#flow/export/view";
import { omit, record } from "#flow/json";

/** Members that are compared elsewhere, or that mean nothing. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["flow", "body"]);
const OF_NO_NODE: ReadonlySet<string> = new Set(["nodes", "edges", "layout", "flow"]);

/**
 * What of `document` an import of the file would not give back, each with its place: proof that a file means what its document means.
 * Both documents are complete, and have the same nodes in the same places.
 */
export function compare(document: NativeDocument, imported: NativeDocument, differs: Refuse): void {
  for (const [path, reason] of differences(omit(document.raw, OF_NO_NODE), omit(imported.raw, OF_NO_NODE), "")) differs(path, reason, null);
  for (const [place, graph] of document.graphs.entries()) {
    const other = imported.graphs[place];
    for (const [index, node] of graph.nodes.entries()) {
      const now = other?.nodes[index];
      for (const [path, reason] of now ? differences(meaningOf(node), meaningOf(now), "") : [["", "comes back elsewhere"] as const])
        differs(pointerIn(node) + path, reason, node);
    }
    if (other) compareEdges(graph, other, differs);
  }
}

function compareEdges(graph: NativeGraph, other: NativeGraph, differs: Refuse): void {
  const [before, after] = [edgeTexts(graph), edgeTexts(other)];
  if (before.join("\n") === after.join("\n")) return;
  const known = new Set(after);
  const lost = before.find((edge) => !known.has(edge));
  const { container } = graph;
  const reason = lost === undefined ? "the edges come back in another order" : `the edge ${lost} does not come back`;
  differs(container ? pointerIn(container, "body", "edges") : "/edges", reason, container);
}

function edgeTexts({ edges }: NativeGraph): readonly string[] {
  return edges.map(({ from, port, to }) => `${from.id}.${port} -> ${to.id}`);
}

/** A node's members with expressions in one spelling. */
function meaningOf(node: NativeNode): JsonObject {
  const members = Object.entries(omit(node.raw, NOT_COMPARED)).map(([name, value]): readonly [string, Json] => {
    if (name === "items" && node.body) return [name, listMeaning(node) ?? value];
    const graph = name === "collect" && node.body ? node.body : node.graph;
    return [name, isTemplated(node, name) ? meaningOfValue(value, { ...node, graph }, `/${name}`) : value];
  });
  return record(members.filter(([, value]) => JSON.stringify(value) !== "{}"));
}

function listMeaning(node: NativeNode): Json {
  const lists = listsOf(node)?.map(([name, said]) => [name, said as unknown as Json]);
  return lists ?? null;
}

function meaningOfValue(value: Json, node: NativeNode, at: string): Json {
  if (typeof value === "string") return meaningOfText(value, node, at);
  if (value === null || typeof value !== "object") return value;
  if (isJsonObject(value)) return record(Object.entries(value).map(([name, item]) => [name, meaningOfValue(item, node, `${at}/${name}`)]));
  return (value as readonly Json[]).map((item, index) => meaningOfValue(item, node, `${at}/${index}`));
}

/** Members that are texts whatever is in them, by the type of their node. */
const TEXTS: { readonly [type: string]: RegExp } = {
  template: /^\/text$/,
  end: /^\/text$/,
  llm: /^\/(prompt|system)$/,
  agent: /^\/(prompt|system)$/,
  audio: /^\/(prompt|voice)$/,
  intent: /^\/(query|intents\/\d+\/text)$/,
  knowledge: /^\/query$/,
  http: /^\/request\/(url|body\/text)$/,
};

/** Members that are texts, and that are nothing where their value is null. */
const TEXTS_OR_NULL: { readonly [type: string]: RegExp } = {
  split: /^\/text$/,
  http: /^\/request\/(headers|query|body\/form)\//,
};

function meaningOfText(text: string, node: NativeNode, at: string): Json {
  const pieces = piecesOf(text, node.graph);
  const [only] = pieces;
  if (ASSIGNED[node.type]?.test(at) && only && "said" in only && only.said.kind === "convert") return meaningOfSaid(only.said.value);
  const isText = TEXTS[node.type]?.test(at) === true;
  const asText = isText || pieces.length > 1;
  const isTextOrNull = TEXTS_OR_NULL[node.type]?.test(at) === true;
  const written = pieces.map((piece) => ("text" in piece ? piece.text : meaningOfSaid(inText(piece.said, asText, isTextOrNull))));
  return pieces.length > 1 ? written : (written[0] ?? "");
}

function meaningOfSaid(said: Said): Json {
  return said.kind === "literal" ? said.value : { said: said as unknown as Json };
}

/** Values of loop variables enter their types by themselves. */
const ASSIGNED: { readonly [type: string]: RegExp } = { set: /^\/assign\/[^/]+$/, loop: /^\/variables\/[^/]+\/value$/ };

function inText(said: Said, isText: boolean, isTextOrNull: boolean): Said {
  const value = isText ? textValue(said) : isTextOrNull && said.kind === "convert" ? textValue(said) : said;
  if (value.kind !== "call" || value.name !== "encodeURIComponent") return value;
  return { ...value, given: value.given.map(textValue) };
}

type Difference = readonly [path: string, reason: string];

function differences(before: Json, after: Json, at: string): readonly Difference[] {
  if (isPlainObject(before) && isPlainObject(after) && !("said" in before) && !("said" in after))
    return memberDifferences(before, after, at);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item: Json, index) => differences(item, (after as readonly Json[])[index] ?? null, `${at}/${index}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [[at, `comes back as another: ${shown(after)}`]];
}

function memberDifferences(before: JsonObject, after: JsonObject, at: string): readonly Difference[] {
  const found: Difference[] = [];
  for (const [name, value] of Object.entries(before)) {
    const now = after[name];
    if (now === undefined) found.push([`${at}/${name}`, ".flow has no place for it"]);
    else found.push(...differences(value, now, `${at}/${name}`));
  }
  for (const [name, value] of Object.entries(after))
    if (!Object.hasOwn(before, name)) found.push([`${at}/${name}`, `comes back, and was not there: ${shown(value)}`]);
  const names = Object.keys(before);
  if (at !== "" && found.length === 0 && names.join("\n") !== Object.keys(after).join("\n"))
    found.push([at, "its members come back in another order"]);
  return found;
}

function isPlainObject(value: Json): value is JsonObject {
  return value !== null && isJsonObject(value);
}

/** Characters of a value that a reason repeats. */
const MAX_SHOWN = 120;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
