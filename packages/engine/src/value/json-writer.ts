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

/** JSON text of any value, whatever its depth. `charge` sees every character once, most of them before they are made. */
export function writeJson(value: Json, style: JsonStyle, charge: Charge): string {
  if (style.indent > 0 || style.sortKeys) return writeByHand(value, style, charge);
  const least = leastLength(value, style.filesAsUrls, charge);
  let paid = least.length;
  if (!least.native) {
    return writeByHand(value, style, (characters) => {
      if (characters > paid) charge(characters - paid);
      paid = Math.max(0, paid - characters);
    });
  }
  const text = JSON.stringify(value);
  if (text.length > paid) charge(text.length - paid);
  return text;
}

/** Deeper values are written by hand: the host's writer needs the stack. */
const MAX_NATIVE_DEPTH = 200;

interface Survey {
  /** The characters that the text has at least: what must be escaped has more. */
  readonly length: number;
  /** The host's own writer, several times faster, can do it. */
  readonly native: boolean;
}

function leastLength(root: Json, filesAsUrls: boolean, charge: Charge): Survey {
  const open: { readonly items: readonly Json[]; next: number }[] = [];
  let length = 0;
  let native = true;
  const enter = (value: Json): void => {
    native &&= open.length < MAX_NATIVE_DEPTH && !(filesAsUrls && fileUrl(value) !== null);
    if (!native) return;
    const own = ownLength(value);
    charge(own);
    length += own;
    if (typeof value !== "object" || value === null) return;
    open.push({ items: isList(value) ? value : Object.values(value), next: 0 });
  };
  enter(root);
  for (let top = open.at(-1); native && top !== undefined; top = open.at(-1)) {
    if (top.next < top.items.length) enter(top.items[top.next++] ?? null);
    else open.pop();
  }
  return { length, native };
}

/** Of the value without its contents: quotes, brackets, commas, keys. A number has at least one digit. */
function ownLength(value: Json): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return 1;
  if (isList(value)) return Math.max(2, value.length + 1);
  if (!isObject(value)) return 4;
  let length = 1;
  for (const key of Object.keys(value)) length += key.length + 4;
  return Math.max(2, length);
}

interface OpenContainer {
  readonly list: readonly Json[] | null;
  readonly object: JsonObject;
  readonly keys: readonly string[];
  readonly size: number;
  next: number;
}

const NOTHING: JsonObject = {};
const NO_KEYS: readonly string[] = [];

function writeByHand(value: Json, style: JsonStyle, charge: Charge): string {
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
