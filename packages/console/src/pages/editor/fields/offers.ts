import { completeTemplate, type DocumentScopes } from "@millrace/engine";
import { folded } from "#text/fold.ts";

// What the picker offers at a place of a template: variables that may be read there, with their types and what they were in the last run.

export interface Offer {
  readonly label: string;
  readonly type: string;
  /** Name of the node that a reference is of. */
  readonly node: string | null;
  readonly sample: string | null;
  readonly doc: string;
  /** Replaces the text from `start` to `end`; the caret goes to `caret` of it. */
  readonly insert: string;
  readonly caret: number;
  readonly start: number;
  readonly end: number;
}

export interface OfferContext {
  readonly scopes: DocumentScopes;
  readonly nodeId: string;
  /** JSON pointer within the node. */
  readonly member: string;
  readonly nameOf: (nodeId: string) => string;
  readonly sampleOf: (expression: string) => string | null;
}

/** A word of an expression on its way: letters of every script, and the dots between names. */
const WORD = /(?<![\p{L}\p{M}\p{N}_$.])[\p{L}\p{M}\p{N}_$.]*$/u;

export function offersAt(text: string, at: number, context: OfferContext): readonly Offer[] {
  const before = text.slice(0, at);
  if (isInside(before)) return [...references(before, at, context, (expression) => expression), ...others(text, at, context)];
  const slash = /(^|\s)\/([\p{L}\p{M}\p{N}_$.]*)$/u.exec(before);
  if (!slash) return [];
  const start = at - (slash[2] ?? "").length - 1;
  return references(slash[2] ?? "", at, context, (expression) => `{{ ${expression} }}`, start);
}

function isInside(before: string): boolean {
  return before.lastIndexOf("{{") > before.lastIndexOf("}}");
}

function references(
  before: string,
  at: number,
  { scopes, nodeId, member, nameOf, sampleOf }: OfferContext,
  written: (expression: string) => string,
  from?: number,
): readonly Offer[] {
  const word = WORD.exec(before)?.[0] ?? "";
  const wanted = folded(word);
  const start = from ?? at - word.length;
  return scopes.references(nodeId, member).flatMap(({ expression, type, nodeId: owner }) => {
    const node = owner === null ? null : nameOf(owner);
    if (!folded(`${expression} ${node ?? ""}`).includes(wanted)) return [];
    const insert = written(expression);
    return [{ label: expression, type, node, sample: sampleOf(expression), doc: "", insert, caret: insert.length, start, end: at }];
  });
}

/** Functions, methods and members of values, from the language itself. */
function others(text: string, at: number, { scopes, nodeId, member }: OfferContext): readonly Offer[] {
  const names = scopes.at(nodeId, member);
  if (!names) return [];
  const known = new Set(scopes.references(nodeId, member).map(({ expression }) => expression));
  return completeTemplate(text, at, names)
    .filter(({ kind, label }) => kind !== "reference" && !(kind === "field" && [...known].some((each) => each.endsWith(`.${label}`))))
    .map(({ label, type, doc, insert, caret, start, end }) => ({ label, type, node: null, sample: null, doc, insert, caret, start, end }));
}
