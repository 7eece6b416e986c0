import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_FILE_BYTES, MAX_JSON_DEPTH, MAX_JSON_VALUES } from "#flow/limits";
import { FlowProblems } from "#flow/problems";
import { holdsInfinity, scanJson } from "#json-scan";

/** What a file holds, undefined where it is no JSON; and the faults that were found up to here. */
export interface ParsedFlow {
  readonly json: Json | undefined;
  readonly problems: FlowProblems;
}

/** Deep or wide files exhaust neither the stack nor anybody's patience: they are measured before they are parsed. */
export function parseFlow(content: Uint8Array | string): ParsedFlow {
  const problems = new FlowProblems();
  const bytes = bytesOf(content);
  const json = fits(bytes, problems) ? parse(bytes, problems) : undefined;
  return { json, problems };
}

/** The root object of a file, or null with the fault that says why there is none. */
export function rootOf({ json, problems }: ParsedFlow): JsonObject | null {
  if (json === undefined) return null;
  if (isJsonObject(json)) return json;
  problems.add("L0_NOT_OBJECT", "$", "A .flow file holds one JSON object.");
  return null;
}

function bytesOf(content: Uint8Array | string): Buffer {
  return typeof content === "string" ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** The file's own object is no level. */
const BOUNDS = { depth: MAX_JSON_DEPTH + 1, values: MAX_JSON_VALUES, keys: Number.POSITIVE_INFINITY };

function fits(bytes: Buffer, problems: FlowProblems): boolean {
  if (bytes.length > MAX_FILE_BYTES) {
    problems.add("L0_SIZE", "$", `The file has ${bytes.length} bytes; at most ${MAX_FILE_BYTES} are read.`);
    return false;
  }
  const { excess } = scanJson(bytes, BOUNDS);
  if (excess === "depth") problems.add("MR_DEPTH", "$", `The file nests more than ${MAX_JSON_DEPTH} levels of JSON.`);
  if (excess === "values") problems.add("L0_SIZE", "$", `The file has more than ${MAX_JSON_VALUES} JSON values.`);
  return excess === undefined;
}

function parse(bytes: Buffer, problems: FlowProblems): Json | undefined {
  const text = decode(bytes, problems);
  if (text === null) return undefined;
  try {
    const json: Json = JSON.parse(text);
    // JSON could not hold it again: 1e999 is read as infinity.
    if (!holdsInfinity(json)) return json;
    problems.add("L0_JSON", "$", "A number in the file is too large for a double.");
  } catch (error) {
    problems.add("L0_JSON", "$", `The file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** A leading byte-order mark is dropped. */
function decode(bytes: Buffer, problems: FlowProblems): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    problems.add("L0_JSON", "$", "The file is not UTF-8 text.");
    return null;
  }
}
