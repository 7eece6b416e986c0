import { type CaretSource, caretInExpression, caretInTemplate } from "#expression/caret";
import type { LocalParameter, ProbedPlace } from "#expression/compilation";
import { probeExpression } from "#expression/compile";
import { FUNCTIONS, findMethods, methodNames } from "#expression/functions";
import { CONSTANTS } from "#expression/functions/math";
import type { FunctionRow } from "#expression/functions/row";
import { sampleCall } from "#expression/functions/sample-call";
import { signature } from "#expression/functions/signature";
import { isForbidden } from "#expression/names";
import type { ReferenceResolver } from "#expression/scope";
import { fieldsOf, receiverOf } from "#expression/static-types";
import { ANY, BOOLEAN, NUMBER, typeName, type ValueType } from "#value/types";

/** What can stand at the caret. */
export interface Completion {
  readonly label: string;
  readonly kind: "reference" | "parameter" | "field" | "function" | "method" | "constant";
  /** Replaces the text from `start` to `end`; calls come with arguments that compile. */
  readonly insert: string;
  /** Where the caret belongs within `insert`. */
  readonly caret: number;
  /** A type, or the signature of a function. */
  readonly type: string;
  readonly doc: string;
  readonly start: number;
  readonly end: number;
}

type Offer = Omit<Completion, "start" | "end">;

/** What can be written at `offset` of a config string; nothing where that is text or a string literal. */
export function completeTemplate<Env>(text: string, offset: number, resolver: ReferenceResolver<Env>): readonly Completion[] {
  return complete(caretInTemplate(text, offset), resolver);
}

/** As `completeTemplate`, for an expression that stands without braces. */
export function completeExpression<Env>(source: string, offset: number, resolver: ReferenceResolver<Env>): readonly Completion[] {
  return complete(caretInExpression(source, offset), resolver);
}

function complete<Env>(caret: CaretSource | null, resolver: ReferenceResolver<Env>): readonly Completion[] {
  if (caret === null) return [];
  let place: ProbedPlace | null = null as ProbedPlace | null;
  probeExpression(caret.source, resolver, { marker: caret.marker, found: (found) => (place = found) });
  if (place === null) return [];
  const prefix = caret.prefix.toLowerCase();
  return offersAt(place, resolver)
    .filter((offer) => offer.label.toLowerCase().startsWith(prefix))
    .map((offer) => ({ ...offer, start: caret.start, end: caret.end }));
}

function offersAt<Env>(place: ProbedPlace, resolver: ReferenceResolver<Env>): readonly Offer[] {
  switch (place.kind) {
    case "name":
      return [...parameters(place.params), ...references(resolver), ...functions(""), ...constants("")];
    case "namespace":
      return [...functions(`${place.name}.`), ...constants(`${place.name}.`)];
    case "member":
      return [...fields(place, resolver), ...methods(place.type)];
  }
}

function parameters(params: readonly LocalParameter[]): readonly Offer[] {
  const visible = new Map(params.map((param) => [param.name, param]));
  return [...visible.values()].map(({ name, type }) => plain(name, "parameter", type, "A parameter of this function."));
}

function references<Env>(resolver: ReferenceResolver<Env>): readonly Offer[] {
  return (resolver.names?.() ?? []).flatMap((name) => {
    const reference = resolver.resolve(name, []);
    return reference === null ? [] : [plain(name, "reference", reference.type, "")];
  });
}

function fields<Env>(place: ProbedPlace & { kind: "member" }, resolver: ReferenceResolver<Env>): readonly Offer[] {
  const known = place.root === null ? null : (resolver.members?.(place.root, place.path) ?? null);
  const members = known ?? [...fieldsOf(place.type)].map(([name, type]) => ({ name, type, doc: "" }));
  return members.filter(({ name }) => isPlain(name)).map(({ name, type, doc }) => plain(name, "field", type, doc ?? ""));
}

/** Other names need brackets and quotes, which do not fit behind the dot that is there. */
function isPlain(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && !isForbidden(name);
}

function plain(label: string, kind: Offer["kind"], type: ValueType, doc: string): Offer {
  return { label, kind, insert: label, caret: label.length, type: typeName(type), doc };
}

/** With an empty namespace: all functions by their full names. */
function functions(namespace: string): readonly Offer[] {
  return FUNCTIONS.filter((row) => row.name.startsWith(namespace)).map((row) =>
    call({ ...row, name: row.name.slice(namespace.length) }, "function", row),
  );
}

function constants(namespace: string): readonly Offer[] {
  const words =
    namespace === ""
      ? [plain("true", "constant", BOOLEAN, ""), plain("false", "constant", BOOLEAN, ""), plain("null", "constant", ANY, "")]
      : [];
  const names = [...CONSTANTS.keys()].filter((name) => name.startsWith(namespace));
  return [...words, ...names.map((name) => plain(name.slice(namespace.length), "constant", NUMBER, ""))];
}

function methods(type: ValueType): readonly Offer[] {
  const on = receiverOf(type);
  return methodNames(on).flatMap((name) => {
    const rows = findMethods(name) ?? {};
    const row = on === null ? Object.values(rows)[0] : (rows[on] ?? rows.any);
    return row === undefined ? [] : [call(row, "method", row)];
  });
}

function call(row: FunctionRow, kind: Offer["kind"], documented: FunctionRow): Offer {
  return { label: row.name, kind, ...sampleCall(row), type: signature(documented), doc: row.doc };
}
