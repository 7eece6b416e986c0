import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { JsonObject, VersionView, WorkflowView } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { readStdin } from "#cli/stdin";
import { callWorkflow } from "#cli/workflow";

type Json = JsonObject[string];

/** The input of an invocation: `--input` as a whole, and each `-i key=value` over it. */
export async function readInput(context: CliContext, given: Given): Promise<JsonObject> {
  const pairs = given.list("i").map(splitPair);
  const base = (await wholeInput(context, given)) ?? {};
  if (pairs.length === 0) return base;
  const types = await startTypes(context, given);
  const values = pairs.map(([key, text]) => [key, typedValue(key, text, types[key])] as const);
  return { ...base, ...Object.fromEntries(values) };
}

/** `--input`, where it is given. */
export async function wholeInput(context: CliContext, given: Given): Promise<JsonObject | undefined> {
  const whole = given.text("input");
  return whole === undefined ? undefined : parseObject(await textOf(context, "--input", whole));
}

function splitPair(pair: string): readonly [key: string, text: string] {
  const at = pair.indexOf("=");
  if (at < 1) throw usageError(`-i: "${pair}" is not key=value`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** `@file`, `@-` for stdin, or the text itself. */
export async function textOf({ cwd }: CliContext, flag: string, given: string): Promise<string> {
  if (!given.startsWith("@")) return given;
  if (given === "@-") return readStdin();
  try {
    return await readFile(resolve(cwd, given.slice(1)), "utf8");
  } catch (error) {
    throw usageError(`${flag}: ${given.slice(1)} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw usageError("--input: a JSON object is needed", `--input '{"topic":"News"}'`);
}

/** undefined: it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What the Start node of the version that will run says of each parameter; nothing where this key may not read it. */
async function startTypes(context: CliContext, given: Given): Promise<{ readonly [name: string]: unknown }> {
  const name = given.argument(0);
  try {
    const workflow = (await callWorkflow(context, "GET", name)).json as WorkflowView;
    const version = given.text("version") ?? workflow.liveVersion;
    const isDraft = version === undefined || given.on("draft") || given.on("mock");
    const document = isDraft ? workflow.document : await versionDocument(context, name, version);
    return typesOf(document as JsonObject);
  } catch (error) {
    if (error instanceof CliError && error.type === "scope") return {};
    throw error;
  }
}

async function versionDocument(context: CliContext, name: string, version: string): Promise<object> {
  const { json } = await callWorkflow(context, "GET", name, `/versions/${encodeURIComponent(version)}`);
  return (json as VersionView).document;
}

function typesOf({ nodes }: JsonObject): { [name: string]: unknown } {
  const start = (Array.isArray(nodes) ? (nodes as JsonObject[]) : []).find(({ type }) => type === "start");
  const { properties = {} } = (start?.["input"] ?? {}) as { properties?: { [name: string]: { type?: unknown } } };
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.type]));
}

/** As the Start node types it; where it does not, JSON that can be read is JSON and all else is text. */
function typedValue(key: string, text: string, type: unknown): Json {
  if (type === "string") return text;
  const value = parseJson(text);
  if (value === undefined && typeof type === "string") throw usageError(`-i ${key}: "${text}" is not JSON; the Start node takes ${type}`);
  return value === undefined ? text : value;
}
