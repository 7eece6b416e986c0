/** Where a text stops to be JSON; line and column count from 1. `end`: it stops too soon. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly end: boolean;
}

/** null: it is JSON. What the browser says of it is in English, in the words of one maker; the place is the same in every language. */
export function jsonFault(text: string): JsonFault | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    const at = faultAt(text);
    const lines = text.slice(0, at).split("\n");
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, end: text.slice(at).trim() === "" };
  }
}

/** What may stand next: the words are tried where the reading is. */
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

type Awaited = "value" | "value or ]" | "name" | "name or }" | "colon" | "comma" | "nothing";

/** The first character that cannot stand where it is. Nesting is kept in a list, so that no depth is too much. */
function faultAt(text: string): number {
  const open: ("{" | "[")[] = [];
  let awaited: Awaited = "value";
  let at = after(SPACE, text, 0) ?? 0;
  while (at < text.length) {
    const next = step(text, at, awaited, open);
    if (next === null) return at;
    awaited = next.awaited;
    at = after(SPACE, text, next.at) ?? next.at;
  }
  return at;
}

interface Step {
  readonly at: number;
  readonly awaited: Awaited;
}

/** null: what stands there cannot. Opens and closes what is open. */
function step(text: string, at: number, awaited: Awaited, open: ("{" | "[")[]): Step | null {
  const sign = text[at];
  if (sign === "}" || sign === "]") return closed(sign, at, awaited, open);
  if (awaited === "name" || awaited === "name or }") return word(STRING, text, at, "colon");
  if (awaited === "colon") return sign === ":" ? { at: at + 1, awaited: "value" } : null;
  if (awaited === "comma") return sign === "," ? { at: at + 1, awaited: open.at(-1) === "{" ? "name" : "value" } : null;
  if (awaited === "nothing") return null;
  if (sign === "{" || sign === "[") {
    open.push(sign);
    return { at: at + 1, awaited: sign === "{" ? "name or }" : "value or ]" };
  }
  return word(PLAIN, text, at, open.length > 0 ? "comma" : "nothing");
}

function closed(sign: "}" | "]", at: number, awaited: Awaited, open: ("{" | "[")[]): Step | null {
  const fits = awaited === "comma" || awaited === (sign === "}" ? "name or }" : "value or ]");
  if (!fits || open.at(-1) !== (sign === "}" ? "{" : "[")) return null;
  open.pop();
  return { at: at + 1, awaited: open.length > 0 ? "comma" : "nothing" };
}

function word(what: RegExp, text: string, at: number, awaited: Awaited): Step | null {
  const end = after(what, text, at);
  return end === null ? null : { at: end, awaited };
}

/** Where it ends that begins here; null: it does not begin here. */
function after(what: RegExp, text: string, at: number): number | null {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : null;
}
