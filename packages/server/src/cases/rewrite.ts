import { type Expectation, isJsonObject, type Json, type JsonObject, type TestFile } from "@millrace/contract";
import { equal } from "@millrace/engine";
import { isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from "yaml";
import { blockText, flowText, linesText, type Notation } from "#cases/notation";
import { readYaml } from "#workflows/read-document";

/** Text that takes the place of what stands between two offsets. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Source {
  readonly text: string;
  readonly notation: Notation;
}

/** The text of a test file with other expectations (by the index of their case): whatever does not differ, comments and layout, is as it was. */
export function rewriteExpectations(text: string, isJson: boolean, file: TestFile, expectations: ReadonlyMap<number, Expectation>): string {
  const source: Source = { text, notation: isJson ? "json" : "yaml" };
  const cases: unknown = readYaml(text).parsed.get("cases", true);
  const edits = [...expectations].flatMap(([index, wanted]) => {
    const node: unknown = isSeq(cases) ? cases.items[index] : undefined;
    const before = file.cases[index] as unknown as Json;
    return isMap(node) && isJsonObject(before)
      ? memberEdits(source, node as YAMLMap, before, { ...before, expect: wanted as unknown as Json })
      : [];
  });
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end), text);
}

/** @param margin spaces before the name whose value it is, in a block; null where lines cannot follow it */
function valueEdits(source: Source, node: Node | null, before: Json, wanted: Json, margin: number | null): readonly Edit[] {
  if (equal(before, wanted)) return [];
  if (isMap(node) && isJsonObject(before) && isJsonObject(wanted) && isKept(source, node as YAMLMap, before, wanted))
    return memberEdits(source, node as YAMLMap, before, wanted);
  if (isSeq(node) && Array.isArray(before) && Array.isArray(wanted) && before.length === wanted.length && before.length > 0)
    return node.items.flatMap((item, at) => valueEdits(source, item as Node, before[at], wanted[at], null));
  const [start, end] = rangeOf(source, node);
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true && typeof wanted === "object" && wanted !== null;
  if (isBlock) return [{ start, end, text: blockText(wanted, columnOf(source, start)).trimStart() }];
  const flow = flowText(wanted, source.notation);
  const inLines = margin !== null && isOfLines(wanted) && (isBlockScalar(node) || flow.length > ON_ONE_LINE);
  return [{ start, end, text: inLines ? linesText(wanted, margin) : flow }];
}

/**
 * Do members come and go one by one? Not out of a flow, where the commas between them would have to go too, nor where the first of a block
 * stands behind the dash of its item.
 */
function isKept({ text }: Source, node: YAMLMap, before: JsonObject, wanted: JsonObject): boolean {
  const stay = Object.keys(before).filter((name) => Object.hasOwn(wanted, name));
  if (stay.length === 0) return false;
  if (stay.length === Object.keys(before).length) return true;
  const start = offsetOf(node.items[0]?.key);
  return node.flow !== true && text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trim() === "";
}

function memberEdits(source: Source, node: YAMLMap, before: JsonObject, wanted: JsonObject): readonly Edit[] {
  const [stay, go] = [
    node.items.filter((pair) => Object.hasOwn(wanted, nameOf(pair))),
    node.items.filter((pair) => !Object.hasOwn(wanted, nameOf(pair))),
  ];
  const edits = stay.flatMap((pair) => {
    const name = nameOf(pair);
    const margin = node.flow === true || source.notation === "json" ? null : columnOf(source, offsetOf(pair.key));
    return valueEdits(source, pair.value as Node | null, before[name] ?? null, wanted[name] ?? null, margin);
  });
  const added = Object.entries(wanted).filter(([name]) => !Object.hasOwn(before, name));
  const last = stay.at(-1);
  const additions = added.length > 0 && last ? [addition(source, node, last, added)] : [];
  return [...edits, ...go.map((pair) => removal(source, pair)), ...additions];
}

function nameOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

/** With its line, out of a block. */
function removal(source: Source, pair: Pair): Edit {
  const { text } = source;
  return { start: text.lastIndexOf("\n", offsetOf(pair.key) - 1) + 1, end: lineEnd(text, endOf(source, pair)) + 1, text: "" };
}

function addition(source: Source, node: YAMLMap, last: Pair, members: readonly (readonly [string, Json])[]): Edit {
  const { text, notation } = source;
  const end = endOf(source, last);
  if (node.flow === true) {
    const put = members.map(([name, value]) => `, ${flowText(name, notation)}: ${flowText(value, notation)}`).join("");
    return { start: end, end, text: put };
  }
  const margin = `\n${" ".repeat(columnOf(source, offsetOf(last.key)))}`;
  const indent = margin.length + 1;
  const put = members.map(([name, value]) => `${margin}${flowText(name, notation)}:${afterName(value, indent)}`).join("");
  const at = lineEnd(text, end);
  return { start: at, end: at, text: put };
}

function endOf(source: Source, { key, value }: Pair): number {
  return Math.max(rangeOf(source, value as Node | null)[1], rangeOf(source, key as Node)[1]);
}

/** Characters of a value that stands on the line of its name. */
const ON_ONE_LINE = 100;

function afterName(value: Json, indent: number): string {
  const flow = flowText(value, "yaml");
  if (isOfLines(value) && flow.length > ON_ONE_LINE) return ` ${linesText(value, indent - 2)}`;
  const isBlock = typeof value === "object" && value !== null && flow.length > ON_ONE_LINE;
  return isBlock ? `\n${blockText(value, indent)}` : ` ${flow}`;
}

function isOfLines(value: Json): value is string {
  return typeof value === "string" && value.trimEnd().includes("\n");
}

function isBlockScalar(node: Node | null): boolean {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

/** Without the white space behind it, which blocks count as theirs. */
function rangeOf({ text }: Source, node: Node | null): readonly [start: number, end: number] {
  const [start = 0, end = start] = node?.range ?? [];
  return [start, start + text.slice(start, end).trimEnd().length];
}

function offsetOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}

function columnOf({ text }: Source, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
