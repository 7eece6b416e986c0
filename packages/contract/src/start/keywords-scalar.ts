import Format from "typebox/format";
import { shownValue, type Wording, wording } from "#fault";
import type { Json } from "#json";
import { LIMITS } from "#limits";
import { say } from "#say";
import { isMultipleOf } from "#start/multiple-of";
import type { KeywordCompiler, KeywordTable, SchemaCheck } from "#start/schema-types";
import { countCodePoints, isLongerThan } from "#text-length";

type Fits<Operand> = (value: number, operand: Operand) => boolean;

/** A keyword over numbers; values of other types pass. */
function numberKeyword(
  code: string,
  isOperand: (operand: number) => boolean,
  fits: Fits<number>,
  expected: (operand: number) => Wording,
): KeywordCompiler {
  return (operand, _schema, scope) => {
    if (typeof operand !== "number" || !isOperand(operand)) {
      scope.problem("invalid_keyword", say`must be a number in the keyword's range`);
      return null;
    }
    return (value, sink) => {
      if (typeof value === "number" && !fits(value, operand)) sink.add(code, expected(operand), shownValue(value));
    };
  };
}

const anyNumber = (): boolean => true;
const compared = (code: string, sign: string, fits: Fits<number>) =>
  numberKeyword(code, anyNumber, fits, (operand) => `${sign} ${operand}`);

/** `minLength` and `maxLength` count code points. */
function lengthKeyword(
  code: string,
  fits: (text: string, limit: number) => boolean,
  key: "at_most_characters" | "at_least_characters",
): KeywordCompiler {
  return (operand, _schema, scope) => {
    if (!isCount(operand)) {
      scope.problem("invalid_keyword", say`must be a whole number, 0 or more`);
      return null;
    }
    return (value, sink) => {
      if (typeof value !== "string" || fits(value, operand)) return;
      sink.add(code, wording(key, { limit: operand }), wording("characters", { count: countCodePoints(value) }));
    };
  };
}

export function isCount(operand: Json): operand is number {
  return typeof operand === "number" && Number.isSafeInteger(operand) && operand >= 0;
}

const pattern: KeywordCompiler = (operand, _schema, scope) => {
  if (typeof operand !== "string") {
    scope.problem("invalid_keyword", say`must be a string`);
    return null;
  }
  if (!scope.patterns) {
    scope.problem("unsupported_keyword", say`is not supported here: say it in the description`);
    return null;
  }
  try {
    return matching(operand, scope.patterns(operand));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    scope.problem("invalid_pattern", say`is not a pattern of the linear-time engine (no back-references, no look-around): ${reason}`);
    return null;
  }
};

function matching(source: string, expression: { test(text: string): boolean }): SchemaCheck {
  return (value, sink) => {
    if (typeof value !== "string" || expression.test(value)) return;
    sink.add("pattern", wording("matching", { pattern: source }), shownValue(value));
  };
}

/** The formats that are checked. Others are refused on publishing, rather than promised and not kept. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => Format.IsDate(text),
  time: (text) => Format.IsTime(text),
  "date-time": (text) => Format.IsDateTime(text),
  email: (text) => Format.IsEmail(text),
  uri: (text) => Format.IsUri(text),
  uuid: (text) => Format.IsUuid(text),
  ipv4: (text) => Format.IsIPv4(text),
  ipv6: (text) => Format.IsIPv6(text),
};

const format: KeywordCompiler = (operand, _schema, scope) => {
  const known = typeof operand === "string" && Object.hasOwn(FORMATS, operand) ? FORMATS[operand] : undefined;
  if (typeof operand !== "string" || known === undefined) {
    scope.problem("unsupported_format", say`must be one of ${Object.keys(FORMATS).join(", ")}`);
    return null;
  }
  return (value, sink) => {
    if (typeof value !== "string" || (value.length <= LIMITS.formatCharacters.value && known(value))) return;
    sink.add("format", wording("format", { format: operand }), shownValue(value));
  };
};

export const SCALAR_KEYWORDS: KeywordTable = {
  minimum: compared("minimum", ">=", (value, limit) => value >= limit),
  maximum: compared("maximum", "<=", (value, limit) => value <= limit),
  exclusiveMinimum: compared("exclusive_minimum", ">", (value, limit) => value > limit),
  exclusiveMaximum: compared("exclusive_maximum", "<", (value, limit) => value < limit),
  multipleOf: numberKeyword(
    "multiple_of",
    (operand) => operand > 0,
    isMultipleOf,
    (value) => wording("multiple_of", { value }),
  ),
  minLength: lengthKeyword(
    "min_length",
    (text, limit) => text.length >= limit * 2 || countCodePoints(text) >= limit,
    "at_least_characters",
  ),
  maxLength: lengthKeyword("max_length", (text, limit) => !isLongerThan(text, limit), "at_most_characters"),
  pattern,
  format,
};
