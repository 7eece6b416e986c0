import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_FILE_BYTES, MAX_JSON_DEPTH } from "#flow/limits";
import type { FlowProblems } from "#flow/problems";

/** The root object of a file, or null with the fault that says why there is none. Deep or wide files cannot exhaust the stack. */
export function readFlow(bytes: Uint8Array | string, problems: FlowProblems): JsonObject | null {
  const text = decode(bytes, problems);
  const root = text === null ? undefined : parse(text, problems);
  if (root === undefined || !fits(root, problems)) return null;
  if (isJsonObject(root)) return root;
  problems.add("L0_NOT_OBJECT", "$", "A .flow file holds one JSON object.");
  return null;
}

function decode(bytes: Uint8Array | string, problems: FlowProblems): string | null {
  const size = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.byteLength;
  if (size > MAX_FILE_BYTES) {
    problems.add("L0_SIZE", "$", `The file has ${size} bytes; at most ${MAX_FILE_BYTES} are read.`);
    return null;
  }
  if (typeof bytes === "string") return bytes.startsWith("\uFEFF") ? bytes.slice(1) : bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    problems.add("L0_JSON", "$", "The file is not UTF-8 text.");
    return null;
  }
}

function parse(text: string, problems: FlowProblems): Json | undefined {
  try {
    const root: Json = JSON.parse(text);
    return root;
  } catch (error) {
    problems.add("L0_JSON", "$", `The file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Shallow enough for every later step, and without numbers that JSON could not hold again (`1e999` reads as infinity). */
function fits(root: Json, problems: FlowProblems): boolean {
  let level: readonly Json[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_JSON_DEPTH) {
      problems.add("MR_DEPTH", "$", `The file nests more than ${MAX_JSON_DEPTH} levels of JSON.`);
      return false;
    }
    const below: Json[] = [];
    if (!level.every((value) => collect(value, below))) {
      problems.add("L0_JSON", "$", "A number in the file is too large for a double.");
      return false;
    }
    level = below;
  }
  return true;
}

/** Adds the objects and lists right inside `value` to `below`; false where a number inside is not finite. */
function collect(value: Json, below: Json[]): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "number" || Number.isFinite(value);
  for (const item of isList(value) ? value : Object.values(value)) {
    if (typeof item === "number" && !Number.isFinite(item)) return false;
    if (typeof item === "object" && item !== null) below.push(item);
  }
  return true;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
