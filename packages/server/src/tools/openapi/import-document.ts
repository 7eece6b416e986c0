import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_DOCUMENT_SCHEMAS, MAX_KEPT_CHARACTERS, MAX_OPERATIONS } from "#tools/limits";
import type { Operation } from "#tools/openapi/operation";
import { readDocument } from "#tools/openapi/read-document";
import { type Place, readOperation } from "#tools/openapi/read-operation";
import { References } from "#tools/openapi/references";
import { ToolSchemas } from "#tools/openapi/tool-schema";
import { Unusable } from "#tools/openapi/unusable";

export interface ImportedDocument {
  readonly title: string;
  /** As the document says it. */
  readonly version: string;
  readonly operations: readonly Operation[];
  readonly skipped: readonly { readonly operation: string; readonly reason: string }[];
}

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"] as const;

/** What a document offers. It is text and stays text: nothing is fetched, and nothing of it is run. @throws Unusable */
export function importDocument(text: string): ImportedDocument {
  const document = readDocument(text);
  const references = new References(document);
  const budget = { left: MAX_DOCUMENT_SCHEMAS };
  const operations: Operation[] = [];
  const skipped: { operation: string; reason: string }[] = [];
  const names = new Set<string>();
  let kept = 0;
  for (const place of placesOf(document, references, skipped)) {
    const shown = `${place.method} ${place.path}`.slice(0, 300);
    try {
      if (operations.length >= MAX_OPERATIONS) throw new Unusable(`the document has more than ${MAX_OPERATIONS}`);
      const read = readOperation(place, references, new ToolSchemas(references, budget));
      kept += JSON.stringify(read).length;
      if (kept > MAX_KEPT_CHARACTERS) throw new Unusable(`all of them together take more than ${MAX_KEPT_CHARACTERS} characters`);
      operations.push({ name: nameOf(place, names), ...read });
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      if (skipped.length < MAX_OPERATIONS) skipped.push({ operation: shown, reason: error.message });
    }
  }
  const info = isJsonObject(document["info"]) ? document["info"] : {};
  const said = (value: Json | undefined) => (typeof value === "string" ? value.slice(0, 200) : "");
  return { title: said(info["title"]), version: said(info["version"]), operations, skipped };
}

function placesOf(document: JsonObject, references: References, skipped: { operation: string; reason: string }[]): readonly Place[] {
  return Object.entries(document["paths"] as JsonObject).flatMap(([path, source]): readonly Place[] => {
    if (!path.startsWith("/")) return [];
    try {
      const { value } = references.follow(source, "the path");
      return METHODS.flatMap((method): readonly Place[] => {
        const operation = value[method];
        if (!isJsonObject(operation)) return [];
        return [{ method: method.toUpperCase() as Operation["method"], path, operation, shared: value["parameters"] }];
      });
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      if (skipped.length < MAX_OPERATIONS) skipped.push({ operation: path.slice(0, 300), reason: error.message });
      return [];
    }
  });
}

/** As the document calls it, in the characters that models take for the name of a tool. */
function nameOf({ method, path, operation }: Place, names: Set<string>): string {
  const { operationId } = operation;
  const said = typeof operationId === "string" ? operationId : `${method.toLowerCase()}${path}`;
  const base =
    said
      .replace(/[^A-Za-z0-9_-]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 56) || "operation";
  let name = base;
  for (let next = 2; names.has(name); next++) name = `${base}_${next}`;
  names.add(name);
  return name;
}
