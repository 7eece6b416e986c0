import { fromPointer } from "@millrace/contract";
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { sourceOffsets } from "#workflows/scalar-offsets";

/** A place in a text; both count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Place {
  /** JSON pointer. What does not exist (a required member) is placed at what should hold it. */
  readonly path: string;
  /** Offset within the string at `path`. */
  readonly start?: number;
  /** The member's name is at fault, not its value. */
  readonly atName?: boolean;
}

export type Locate = (place: Place) => Position;

/** Finds in the text of a YAML or JSON document what the pointers of its problems mean. Reads the text once; never throws. */
export function locator(text: string): Locate {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.2", schema: "core", keepSourceTokens: true, lineCounter: lines, logLevel: "silent" });
  return ({ path, start, atName = false }) => {
    const found = walk(document.contents, fromPointer(path), (alias) => (isAlias(alias) ? alias.resolve(document) : alias));
    const { line, col } = lines.linePos(offsetOf(text, found, start, atName));
    return { line, column: col };
  };
}

interface Found {
  readonly value: Node | null;
  /** The key that leads to the value, where it is a member of a mapping. */
  readonly key: Node | null;
  readonly whole: boolean;
}

function walk(root: Node | null, steps: readonly string[], resolve: (node: Node | null) => Node | null | undefined): Found {
  let found: Found = { value: root, key: null, whole: true };
  for (const step of steps) {
    const next = child(resolve(found.value), step);
    if (!next) return { ...found, whole: false };
    found = next;
  }
  return found;
}

function child(holder: Node | null | undefined, step: string): Found | null {
  if (isSeq(holder)) {
    const item = holder.items[Number(step)];
    return item === undefined || isPair(item) ? null : { value: item as Node, key: null, whole: true };
  }
  if (!isMap(holder)) return null;
  const pair = holder.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === step);
  return pair ? { value: pair.value as Node | null, key: pair.key as Node, whole: true } : null;
}

function offsetOf(text: string, { value, key, whole }: Found, start: number | undefined, atName: boolean): number {
  const [valueStart, valueEnd] = value?.range ?? [0, 0];
  if (whole && start !== undefined && isScalar(value) && typeof value.value === "string") {
    const offsets = sourceOffsets(text, value, value.value);
    return offsets[Math.min(start, offsets.length - 1)] ?? valueStart;
  }
  // A block that begins on the lines below its name, or a value that is left out, is best found by the name.
  const byName = (whole && atName) || valueStart === valueEnd || isBlock(value);
  return key?.range && byName ? key.range[0] : valueStart;
}

function isBlock(value: Node | null): boolean {
  return (isMap(value) || isSeq(value)) && value.flow !== true;
}
