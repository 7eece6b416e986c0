import assert from "node:assert/strict";
import { canonicalText, type Json, type JsonObject, type WorkflowDocument } from "@millrace/contract";
import { exportFlow } from "#flow/export/export";
import { importFlow } from "#flow/import";

/** The time of every export. */
export const AT = 1_790_000_000_000;

/** A document as one text. */
export const canonical = (document: unknown) => canonicalText(document as JsonObject);

/** The file of a document; throws where it is refused. */
export function exported(document: unknown): JsonObject {
  const { file, refusals } = exportFlow(document as JsonObject, AT);
  assert.deepEqual(refusals, []);
  assert.ok(file);
  return file;
}

/** The document of a file; throws where it has faults. */
export function imported(file: Json, env: { [name: string]: Json } = {}): WorkflowDocument {
  const { document, faults } = importFlow(JSON.stringify(file), { env });
  assert.deepEqual(faults, []);
  assert.ok(document);
  return document;
}

/** The reasons, as people read them. */
export function refusals(document: unknown): readonly string[] {
  return exportFlow(document as JsonObject, AT).refusals.map(({ path, reason }) => `${path}: ${reason}`);
}

/** A document without what import keeps for export. */
export function bare(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(bare);
  const members = Object.entries(value).filter(([name]) => name !== "flow");
  return Object.fromEntries(members.map(([name, item]) => [name, bare(item)]));
}

/** Nodes that every document has. */
export const START = {
  id: "start",
  type: "start",
  name: "Start",
  input: { type: "object", properties: { q: { type: "string" }, list: { type: "array" } } },
};
export const END = { id: "end", type: "end", name: "End", output: { q: "{{ start.q }}" } };

/** start, the given nodes one after another, end. */
export function chain(...nodes: readonly JsonObject[]): JsonObject {
  const all = [START, ...nodes, END].map((node): JsonObject => node);
  const edges = all.slice(1).map((node, index) => `${String(all[index]?.["id"])} -> ${String(node["id"])}`);
  return { format: "millrace/1", name: "chain", nodes: all, edges };
}
