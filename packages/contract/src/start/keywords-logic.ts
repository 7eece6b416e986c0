import { canonicalJson } from "#canonical-json";
import { shownValue, wording } from "#fault";
import type { Json } from "#json";
import { say } from "#say";
import { accepts } from "#start/schema-sink";
import type { KeywordCompiler, KeywordTable, SchemaCheck, SchemaScope } from "#start/schema-types";

/** Values that a message lists; the rest is "…". */
const LISTED_VALUES = 10;

function oneOfValues(code: string, values: readonly Json[]): SchemaCheck {
  const texts = new Set(values.map((value) => canonicalJson(value)));
  const listed = [...texts].slice(0, LISTED_VALUES).join(", ") + (texts.size > LISTED_VALUES ? ", …" : "");
  const expected = texts.size === 1 ? listed : wording("one_of", { values: listed });
  return (value, sink) => {
    if (!texts.has(canonicalJson(value))) sink.add(code, expected, shownValue(value));
  };
}

const enumeration: KeywordCompiler = (operand, _schema, scope) => {
  if (Array.isArray(operand) && operand.length > 0) return oneOfValues("enum", operand);
  scope.problem("invalid_keyword", say`must be an array of at least one value`);
  return null;
};

function compileList(operand: Json, scope: SchemaScope): readonly SchemaCheck[] | null {
  if (Array.isArray(operand) && operand.length > 0) return operand.map((schema: Json, index) => scope.compileLogic(schema, index));
  scope.problem("invalid_keyword", say`must be an array of at least one schema`);
  return null;
}

/** The faults of each part are the faults of the whole. */
const allOf: KeywordCompiler = (operand, _schema, scope) => {
  const checks = compileList(operand, scope);
  return (
    checks &&
    ((value, sink) => {
      for (const check of checks) check(value, sink);
    })
  );
};

const anyOf: KeywordCompiler = (operand, _schema, scope) => {
  const checks = compileList(operand, scope);
  return (
    checks &&
    ((value, sink) => {
      if (!checks.some((check) => accepts(check, value)))
        sink.add("any_of", wording("any_alternative", { count: checks.length }), shownValue(value));
    })
  );
};

const oneOf: KeywordCompiler = (operand, _schema, scope) => {
  const checks = compileList(operand, scope);
  return (
    checks &&
    ((value, sink) => {
      const count = checks.filter((check) => accepts(check, value)).length;
      if (count !== 1) sink.add("one_of", wording("one_alternative", { count: checks.length }), wording("alternatives", { count }));
    })
  );
};

const not: KeywordCompiler = (operand, _schema, scope) => {
  const check = scope.compileLogic(operand);
  return (value, sink) => {
    if (accepts(check, value)) sink.add("not", wording("excluded"), shownValue(value));
  };
};

/** `then` and `else` mean nothing without `if`. */
const condition: KeywordCompiler = (operand, schema, scope) => {
  const check = scope.compileLogic(operand);
  const [then, otherwise] = [schema["then"], schema["else"]];
  const whenTrue = then === undefined ? null : scope.sibling("then").compileLogic(then);
  const whenFalse = otherwise === undefined ? null : scope.sibling("else").compileLogic(otherwise);
  return (value, sink) => (accepts(check, value) ? whenTrue : whenFalse)?.(value, sink);
};

export const LOGIC_KEYWORDS: KeywordTable = {
  enum: enumeration,
  const: (operand) => oneOfValues("const", [operand]),
  allOf,
  anyOf,
  oneOf,
  not,
  if: condition,
  then: () => null,
  else: () => null,
};
