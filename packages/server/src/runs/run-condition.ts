import { isJsonObject, type Json } from "@millrace/contract";
import { invalidMember } from "#request-error";

/** Of one filter at most. */
const MAX_CONDITIONS = 5;

/** What conditions may read of a run. */
export interface RunValues {
  readonly input: Json;
  readonly output: Json;
  readonly error: Json;
}

export type RunCondition = (run: RunValues) => boolean;

/** `input.topic ~ "AI"`: a path, an operator, and a value as JSON or as plain text. */
const CONDITION = /^(input|output|error)((?:\.[^\s.=!~<>[\]]+|\[\d{1,6}\])*)\s*(!=|>=|<=|=|~|>|<)\s*([^\s=~<>].*)$/s;

/** Conditions joined by ` and `, all of which are to hold. Throws RequestError invalid_request. */
export function parseCondition(text: string): RunCondition {
  const parts = splitOutsideQuotes(text);
  if (parts.length > MAX_CONDITIONS) throw invalidMember("/where", `where: ${MAX_CONDITIONS} conditions at most`);
  const conditions = parts.map(parseOne);
  return (run) => conditions.every((holds) => holds(run));
}

function parseOne(text: string): RunCondition {
  const [, root = "", path = "", operator = "", value = ""] = CONDITION.exec(text.trim()) ?? [];
  if (root === "")
    throw invalidMember(
      "/where",
      `where: write it as input.topic ~ "AI", with one of = != ~ > < >= <=; "${text.trim().slice(0, 100)}" is none`,
    );
  const steps = [...path.matchAll(/\.([^.[]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
  const wanted = wantedOf(value.trim());
  const holds = OPERATORS[operator as keyof typeof OPERATORS];
  return (run) => {
    const found = steps.reduce<Json | undefined>(memberOf, run[root as keyof RunValues]);
    return holds(found, wanted);
  };
}

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
