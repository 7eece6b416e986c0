import type { Json, JsonObject } from "@millrace/contract";
import { fileUrl } from "#value/file";
import { isList, isObject } from "#value/json";

export interface JsonStyle {
  /** Blanks a level; 0 writes compact text. */
  readonly indent: number;
  /** Files are written as their URL, not as objects. */
  readonly filesAsUrls: boolean;
  /** Members in the order of their keys: equal values give equal text. */
  readonly sortKeys: boolean;
}

/** Called with the number of characters about to be added; throws to stop the writing. */
export type Charge = (characters: number) => void;

interface OpenContainer {
  readonly list: readonly Json[] | null;
  readonly object: JsonObject;
  readonly keys: readonly string[];
  readonly size: number;
  next: number;
}

const NOTHING: JsonObject = {};
const NO_KEYS: readonly string[] = [];

/** JSON text of any value. Iterative, because data may be nested deeper than the stack that `JSON.stringify` needs. */
export function writeJson(value: Json, style: JsonStyle, charge: Charge): string {
  const open: OpenContainer[] = [];
  let text = begin(value, style, open);
  charge(text.length);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const piece = top.next < top.size ? member(top, style, open) : close(top, style, open);
    charge(piece.length);
    text += piece;
  }
  return text;
}

function begin(value: Json, style: JsonStyle, open: OpenContainer[]): string {
  if (isList(value)) {
    open.push({ list: value, object: NOTHING, keys: NO_KEYS, size: value.length, next: 0 });
    return "[";
  }
  if (!isObject(value)) return JSON.stringify(value);
  const url = style.filesAsUrls ? fileUrl(value) : null;
  if (url !== null) return JSON.stringify(url);
  const keys = style.sortKeys ? Object.keys(value).sort() : Object.keys(value);
  open.push({ list: null, object: value, keys, size: keys.length, next: 0 });
  return "{";
}

function member(top: OpenContainer, style: JsonStyle, open: OpenContainer[]): string {
  const index = top.next++;
  const lead = (index === 0 ? "" : ",") + lineBreak(style, open.length);
  if (top.list !== null) return lead + begin(top.list[index] ?? null, style, open);
  const key = top.keys[index] ?? "";
  const colon = style.indent === 0 ? ":" : ": ";
  return lead + JSON.stringify(key) + colon + begin(top.object[key] ?? null, style, open);
}

function close(top: OpenContainer, style: JsonStyle, open: OpenContainer[]): string {
  open.pop();
  const lead = top.size === 0 ? "" : lineBreak(style, open.length);
  return lead + (top.list === null ? "}" : "]");
}

function lineBreak(style: JsonStyle, depth: number): string {
  return style.indent === 0 ? "" : `\n${" ".repeat(style.indent * depth)}`;
}
