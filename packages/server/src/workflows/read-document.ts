import { isJsonObject, type JsonObject } from "@millrace/contract";
import { parseDocument, type ScalarTag, type Tags } from "yaml";

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

/** A native document's text, YAML or JSON (which is YAML), as plain data. Throws UnreadableDocument. */
export function readDocument(text: string): JsonObject {
  const parsed = parseDocument(text, {
    version: "1.2",
    schema: "core",
    customTags: keepLeadingZeros,
    merge: false,
    prettyErrors: true,
    uniqueKeys: true,
  });
  const [error] = parsed.errors;
  if (error) {
    const [start] = error.linePos ?? [];
    throw new UnreadableDocument(error.message.split("\n")[0] ?? error.message, start?.line ?? 1, start?.col ?? 1);
  }
  const value: unknown = toPlain(() => parsed.toJS({ maxAliasCount: MAX_ALIASES, mapAsMap: false }));
  if (!isJsonObject(value)) throw new UnreadableDocument("a workflow document is a mapping", 1, 1);
  return value;
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
