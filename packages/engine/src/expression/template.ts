import { type Said, say } from "@millrace/contract";
import { MAX_EXPRESSIONS } from "#expression/limits";
import { Problems } from "#expression/problems";

/** A piece of a template: literal text, or the source of an expression (without the braces) and where it lies. */
export type TemplatePiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string; readonly start: number; readonly end: number };

/** Can the text hold an expression, or an escaped brace? Cheap; a text without is itself. */
export function hasExpression(text: string): boolean {
  return text.includes("{{");
}

/**
 * Splits a config string into text and `{{ expressions }}`, from left to right, once. `\{{` is the text `{{`. Quotes, template literals
 * and braces within an expression do not end it. An expression that does not end is a problem, and ends the search: nothing behind it
 * could be told from its inside.
 */
export function splitTemplate(text: string, problems: Problems): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let expressions = 0;
  let literal = "";
  let at = 0;
  for (let open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
    if (open > at && text[open - 1] === "\\") {
      literal += `${text.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    const start = open + 2;
    const end = findEnd(text, start);
    if (typeof end !== "number") {
      problems.add(end.code, { start: end.at, end: text.length }, end.message, end.hint);
      return pieces;
    }
    if (++expressions > MAX_EXPRESSIONS) {
      const message = say`The text has too many expressions; at most ${MAX_EXPRESSIONS} are allowed.`;
      problems.add("too_many_expressions", { start: open, end: end + 2 }, message);
      return pieces;
    }
    literal += text.slice(at, open);
    if (literal !== "") pieces.push({ kind: "text", text: literal });
    literal = "";
    pieces.push({ kind: "expression", source: text.slice(start, end), start, end });
    at = end + 2;
  }
  literal += text.slice(at);
  if (literal !== "") pieces.push({ kind: "text", text: literal });
  return pieces;
}

/** The pieces of a config string; what stands behind an expression that does not end is left out. */
export function templatePieces(text: string): readonly TemplatePiece[] {
  return splitTemplate(text, new Problems());
}

interface Unclosed {
  readonly code: string;
  readonly at: number;
  readonly message: Said;
  readonly hint: Said;
}

/** Where the braces close that an expression beginning at `start` ends with. */
function findEnd(text: string, start: number): number | Unclosed {
  const scan = scanExpression(text, start, text.length);
  if (scan.end !== null) return scan.end;
  const quote = scan.open.findLast((open) => open.mark !== "{" && open.mark !== "${");
  if (quote !== undefined) {
    return {
      code: "unclosed_string",
      at: quote.at,
      message: say`A text that begins with ${quote.mark} does not end.`,
      hint: say`Add the closing ${quote.mark}.`,
    };
  }
  return {
    code: "unclosed_expression",
    at: start - 2,
    message: say`An expression does not end.`,
    hint: say`Add }}, or write \\{{ for the two characters.`,
  };
}

/** What is open at a place: a brace, a quoted text, a template literal, an expression in one. */
export interface OpenMark {
  readonly mark: "{" | "${" | "`" | '"' | "'";
  readonly at: number;
}

/** Reads an expression's characters from `start` up to its closing braces, or up to `limit`. */
export function scanExpression(
  text: string,
  start: number,
  limit: number,
): { readonly end: number | null; readonly open: readonly OpenMark[] } {
  const open: OpenMark[] = [];
  for (let at = start; at < limit; at++) {
    const mark = open.at(-1)?.mark;
    const character = text.charAt(at);
    if (mark === '"' || mark === "'" || mark === "`") {
      if (character === "\\") at++;
      else if (character === mark) open.pop();
      else if (mark === "`" && character === "$" && text[at + 1] === "{") open.push({ mark: "${", at: at++ });
      else if (mark !== "`" && character === "\n") return { end: null, open };
    } else if (character === '"' || character === "'" || character === "`" || character === "{") open.push({ mark: character, at });
    else if (character === "}" && mark !== undefined) open.pop();
    else if (character === "}" && text[at + 1] === "}") return { end: at, open };
  }
  return { end: null, open };
}
