import { isJsonObject, type JsonObject } from "@millrace/contract";
import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type ScalarTag,
  type Tags,
} from "yaml";
import { fileStyle } from "#workflows/format/file-style";

/** Characters of a native document: a megabyte takes a second to read as YAML. */
export const MAX_DOCUMENT_CHARACTERS = 1_048_576;

/** Aliases in a YAML file at most: each is a copy in the value that is made of it. */
const MAX_ALIASES = 100;

/** A document that cannot be read as YAML or JSON; line and column count from 1. */
export class UnreadableDocument extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "UnreadableDocument";
    this.line = line;
    this.column = column;
  }
}

/** How documents are read and written. */
export const YAML_OPTIONS = {
  version: "1.2",
  schema: "core",
  customTags: (tags: Tags) => fileStyle(keepLeadingZeros(tags)),
  merge: false,
} as const;

/** A native document's text, YAML or JSON (which is YAML), as plain data. Throws UnreadableDocument. */
export function readDocument(text: string): JsonObject {
  return readYaml(text).value;
}

/** The same, with what the text is made of: comments, styles and places. Throws UnreadableDocument. */
export function readYaml(text: string): { readonly parsed: Document.Parsed; readonly value: JsonObject } {
  if (text.length > MAX_DOCUMENT_CHARACTERS)
    throw new UnreadableDocument(`the document has more than ${MAX_DOCUMENT_CHARACTERS} characters`, 1, 1);
  const lines = new LineCounter();
  const parsed = parseDocument(text, {
    ...YAML_OPTIONS,
    // Both take a time that grows with the square of the text, or of what is wrong with it.
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const refuse = (message: string, offset: number): never => {
    const { line, col } = lines.linePos(offset);
    throw new UnreadableDocument(message, Math.max(line, 1), Math.max(col, 1));
  };
  const [error] = parsed.errors;
  if (error) refuse(error.message, error.pos[0]);
  const repeated = repeatedKey(parsed.contents);
  if (repeated) refuse("Map keys must be unique", repeated.range?.[0] ?? 0);
  const value: unknown = toPlain(() => parsed.toJS({ maxAliasCount: MAX_ALIASES, mapAsMap: false }));
  if (!isJsonObject(value)) throw new UnreadableDocument("a workflow document is a mapping", 1, 1);
  return { parsed, value };
}

/** The first key that its mapping has had before. */
function repeatedKey(root: Node | null): Node | null {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (!isCollection(node)) continue;
    if (isMap(node)) {
      const seen = new Set<unknown>();
      for (const { key } of node.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) return key;
        seen.add(key.value);
      }
    }
    for (const item of node.items) open.push(...childrenOf(item));
  }
  return null;
}

function childrenOf(item: unknown): readonly unknown[] {
  return isPair(item) ? [item.key, item.value] : [item];
}

const INTEGER_TAG = "tag:yaml.org,2002:int";
const PLAIN_INTEGER = /^[-+]?(?:0|[1-9][0-9]*)$/;

/** `007` is a text: postal codes and order numbers lose their zeros as numbers. */
function keepLeadingZeros(tags: Tags): Tags {
  return tags.map((tag) => (isDecimal(tag) ? { ...tag, test: PLAIN_INTEGER } : tag));
}

function isDecimal(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === "object" && tag.tag === INTEGER_TAG && "test" in tag && !("format" in tag);
}

/** Through JSON, so that dates, NaN and whatever else YAML can say become what the engine can hold, or an error. */
function toPlain(read: () => unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(read()));
  } catch (error) {
    throw new UnreadableDocument((error as Error).message, 1, 1);
  }
}
