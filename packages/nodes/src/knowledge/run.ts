import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { describe, TerminalError, textOf } from "@millrace/engine";
import { defineEffect } from "#kit/executor";
import type { KnowledgeItem } from "#kit/knowledge";
import { DEFAULT_TOP_K, MAX_BASES, MAX_TOP_K, spec } from "#knowledge/spec";

interface Config {
  readonly query: Json;
  readonly collections: Json;
  readonly topK?: Json;
  readonly minScore?: Json;
  readonly filter?: Json;
}

export const executor = defineEffect<Config>(spec, async ({ query, collections, topK, minScore, filter }, context) => {
  const bases = basesOf(collections);
  const words = query === null ? "" : textOf(query).trim();
  const search = {
    bases,
    query: words,
    topK: numberIn(topK, "topK", 1, MAX_TOP_K, DEFAULT_TOP_K, Number.isInteger),
    minScore: numberIn(minScore, "minScore", 0, 1, 0, Number.isFinite),
    filter: filterOf(filter),
  };
  if (bases.length === 0 || words === "") return { verb: "continue", output: { items: [], text: "" } };
  const { capabilities, signal, timeoutMs } = context;
  const { items, usage } = await capabilities.knowledge.search({ ...search, signal, timeoutMs });
  const output = { items: items.map(itemOf), text: items.map(({ text }) => text).join("\n\n") };
  return { verb: "continue", output, ...(usage.length > 0 && { usage }) };
});

function itemOf({ text, score, source, metadata }: KnowledgeItem): JsonObject {
  return { text, score, source: { ...source, headings: [...source.headings] }, metadata };
}

function basesOf(value: Json): readonly string[] {
  const names = value === null ? [] : Array.isArray(value) ? value : [value];
  if (names.length > MAX_BASES)
    throw new TerminalError("limit_exceeded", `collections has ${names.length} names; ${MAX_BASES} is the most.`);
  return names.map((name, index) => {
    if (typeof name === "string") return name;
    throw new TerminalError("type_error", `collections[${index}] must be the name or id of a knowledge base, and it is ${describe(name)}.`);
  });
}

function numberIn(
  value: Json | undefined,
  at: string,
  least: number,
  most: number,
  absent: number,
  fits: (value: number) => boolean,
): number {
  if (value === undefined || value === null) return absent;
  if (typeof value === "number" && fits(value) && value >= least && value <= most) return value;
  throw new TerminalError(
    "type_error",
    `${at} must be a number from ${least} to ${most}, and it is ${typeof value === "number" ? value : describe(value)}.`,
  );
}

function filterOf(value: Json | undefined): JsonObject | null {
  if (value === undefined || value === null) return null;
  if (isJsonObject(value)) return value;
  throw new TerminalError("type_error", `filter must be an object, and it is ${describe(value)}.`);
}
