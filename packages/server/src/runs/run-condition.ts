import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { invalidMember } from "#request-error";
import type { RunRow } from "#store/store";

/** Of one filter at most. */
const MAX_CONDITIONS = 12;

/** What conditions may read of what a run was given, gave, and failed with. */
export interface RunValues {
  readonly input: Json;
  readonly output: Json;
  readonly error: Json;
}

/** The part that the list can tell holds or not before any value is read; null: nothing is asked of the values. */
export interface RunCondition {
  ofRow(run: RunRow): boolean;
  readonly ofValues: ((run: RunValues) => boolean) | null;
}

/** `input.topic ~ "AI"`: a path, an operator, and a value as JSON or as plain text. */
const CONDITION = /^(input|output|error|run)((?:\.[^\s.=!~<>[\]]+|\[\d{1,6}\])*)\s*(!=|>=|<=|=|~|>|<)\s*([^\s=~<>].*)$/s;

/** Conditions joined by ` and `, all of which are to hold. Throws RequestError invalid_request. */
export function parseCondition(text: string): RunCondition {
  const parts = splitOutsideQuotes(text);
  if (parts.length > MAX_CONDITIONS) throw invalidMember("/where", `where: ${MAX_CONDITIONS} conditions at most`);
  const conditions = parts.map(parseOne);
  const [listed, valued] = [conditions.filter(({ root }) => root === "run"), conditions.filter(({ root }) => root !== "run")];
  return {
    ofRow(row) {
      const run = listedValues(row);
      return listed.every(({ holds }) => holds(run));
    },
    ofValues: valued.length === 0 ? null : (values) => valued.every(({ root, holds }) => holds(values[root as keyof RunValues])),
  };
}

/** By the names that they have as filters of the list. */
function listedValues({ status, workflowName, version, userId, origin, keyId, errorType }: RunRow): JsonObject {
  return {
    status,
    workflow: workflowName,
    version,
    trigger: origin?.trigger ?? "api",
    ...(userId !== null && { user: userId }),
    ...(keyId !== null && { key: keyId }),
    ...(errorType !== null && { error: errorType }),
  };
}

interface OneCondition {
  readonly root: string;
  readonly holds: (value: Json) => boolean;
}

function parseOne(text: string): OneCondition {
  const [, root = "", path = "", operator = "", value = ""] = CONDITION.exec(text.trim()) ?? [];
  if (root === "")
    throw invalidMember(
      "/where",
      `where: write it as input.topic ~ "AI", with one of = != ~ > < >= <=; "${text.trim().slice(0, 100)}" is none`,
    );
  if (root === "run" && !RUN_MEMBERS.has(path))
    throw invalidMember("/where", `where: of run there is ${[...RUN_MEMBERS].map((one) => `run${one}`).join(", ")}; "run${path}" is none`);
  const steps = [...path.matchAll(/\.([^.[]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
  const wanted = wantedOf(value.trim());
  const holds = OPERATORS[operator as keyof typeof OPERATORS];
  return { root, holds: (value) => holds(steps.reduce<Json | undefined>(memberOf, value), wanted) };
}

const RUN_MEMBERS: ReadonlySet<string> = new Set([".status", ".workflow", ".version", ".user", ".trigger", ".key", ".error"]);

const OPERATORS = {
  "=": (found: Json | undefined, wanted: Json) => JSON.stringify(found) === JSON.stringify(wanted),
  "!=": (found: Json | undefined, wanted: Json) => JSON.stringify(found) !== JSON.stringify(wanted),
  "~": (found: Json | undefined, wanted: Json) => found !== undefined && contains(found, textOf(wanted)),
  ">": (found: Json | undefined, wanted: Json) => compares(found, wanted, (one, other) => one > other),
  "<": (found: Json | undefined, wanted: Json) => compares(found, wanted, (one, other) => one < other),
  ">=": (found: Json | undefined, wanted: Json) => compares(found, wanted, (one, other) => one >= other),
  "<=": (found: Json | undefined, wanted: Json) => compares(found, wanted, (one, other) => one <= other),
};

/** Does the value, as text, have this in it? Width, case and composition of letters do not matter. */
export function contains(value: Json, wanted: string): boolean {
  return folded(textOf(value)).includes(folded(wanted));
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function compares(found: Json | undefined, wanted: Json, compare: (one: number | string, other: number | string) => boolean): boolean {
  if (typeof found === "number" && typeof wanted === "number") return compare(found, wanted);
  return typeof found === "string" && typeof wanted === "string" && compare(found, wanted);
}

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function wantedOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** At ` and `, where that is not within quotes. */
function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\" && quoted) at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text.startsWith(" and ", at)) {
      parts.push(text.slice(from, at));
      from = at + " and ".length;
    }
  }
  return [...parts, text.slice(from)];
}
