import { fault } from "#expression/errors";
import { any, integer, number, optional, rest } from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver } from "#expression/functions/row";
import { BOOLEAN, describe, INTEGER, NUMBER, type ValueType } from "#value/types";

/** A number that is JSON: neither NaN nor infinite, and no negative zero. */
export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw fault("not_finite", `The result of ${what} is not a finite number.`);
  return value + 0;
}

function unary(name: string, doc: string, body: (value: number) => number, returns: ValueType = NUMBER): FunctionRow {
  return define(name, [number("value")], returns, doc, ([value]) => finite(body(value), name));
}

/** Under both names. */
const TWICE: readonly FunctionRow[] = ["", "Math."].flatMap((prefix) => [
  unary(`${prefix}abs`, "The number without its sign.", Math.abs),
  unary(`${prefix}ceil`, "Rounded up.", Math.ceil, INTEGER),
  unary(`${prefix}floor`, "Rounded down.", Math.floor, INTEGER),
]);

const ROUND_DOC = "Rounded to `digits` decimals (0); halves away from zero.";
const roundTo = define("round", [number("value"), optional(integer("digits"))], NUMBER, ROUND_DOC, ([value, digits]) =>
  round(value, digits ?? 0),
);

/** Decimals that a double can have at most, and as many places before the point. */
const MAX_DIGITS = 15;

/** By shifting the decimal text, so that 1.005 rounds to 1.01: multiplying would make 100.49999999999999 of it. */
function round(value: number, digits: number): number {
  if (Math.abs(digits) > MAX_DIGITS) throw fault("bad_argument", `round: "digits" must be −${MAX_DIGITS} to ${MAX_DIGITS}.`);
  const rounded = Math.sign(value) * Math.round(shift(Math.abs(value), digits));
  return finite(shift(rounded, -digits), "round");
}

function shift(value: number, digits: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e");
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

const HOST_MATH: readonly (readonly [name: string, doc: string, body: (value: number) => number])[] = [
  ["round", "Rounded to the next integer; halves up.", Math.round],
  ["trunc", "Without its fraction.", Math.trunc],
  ["sign", "−1, 0 or 1.", Math.sign],
  ["sqrt", "The square root.", Math.sqrt],
  ["cbrt", "The cube root.", Math.cbrt],
  ["exp", "Euler's number to this power.", Math.exp],
  ["log", "The natural logarithm.", Math.log],
  ["log10", "The logarithm to base 10.", Math.log10],
  ["log2", "The logarithm to base 2.", Math.log2],
  ["sin", "The sine, of radians.", Math.sin],
  ["cos", "The cosine, of radians.", Math.cos],
  ["tan", "The tangent, of radians.", Math.tan],
  ["asin", "The arc sine, in radians.", Math.asin],
  ["acos", "The arc cosine, in radians.", Math.acos],
  ["atan", "The arc tangent, in radians.", Math.atan],
];

export const MATH_FUNCTIONS: readonly FunctionRow[] = [
  ...TWICE,
  roundTo,
  ...HOST_MATH.map(([name, doc, body]) => unary(`Math.${name}`, doc, body)),
  define("Math.min", [rest(number("values"))], NUMBER, "The least of the arguments.", ([values]) =>
    finite(
      values.reduce((a, b) => Math.min(a, b), Infinity),
      "Math.min",
    ),
  ),
  define("Math.max", [rest(number("values"))], NUMBER, "The greatest of the arguments.", ([values]) =>
    finite(
      values.reduce((a, b) => Math.max(a, b), -Infinity),
      "Math.max",
    ),
  ),
  define("Math.pow", [number("base"), number("exponent")], NUMBER, "The power.", ([base, exponent]) =>
    finite(base ** exponent, "Math.pow"),
  ),
  define("Math.atan2", [number("y"), number("x")], NUMBER, "The angle of a point, in radians.", ([y, x]) =>
    finite(Math.atan2(y, x), "Math.atan2"),
  ),
  define("Math.hypot", [rest(number("values"))], NUMBER, "The root of the sum of squares.", ([values]) =>
    finite(Math.sqrt(values.reduce((total, value) => total + value * value, 0)), "Math.hypot"),
  ),
  define("Number", [any("value")], NUMBER, "The value as number: of a text that is one, 1 and 0 of true and false.", ([value]) => {
    if (value === null || typeof value === "number") return value;
    if (typeof value === "boolean") return Number(value);
    if (typeof value !== "string")
      throw fault("bad_argument", `Number: "value" must be a number, a text or a boolean, not ${describe(value)}.`);
    return numberFrom(value);
  }),
  define("Number.isInteger", [any("value")], BOOLEAN, "Is it a number without a fraction?", ([value]) => Number.isInteger(value)),
  define("parseFloat", [any("text")], NUMBER, "The number that the text begins with.", ([text]) =>
    leading(text, "parseFloat", Number.parseFloat),
  ),
  define("parseInt", [any("text"), optional(integer("radix"))], INTEGER, "The integer that the text begins with.", ([text, radix]) =>
    leading(text, "parseInt", (digits) => Number.parseInt(digits, radix ?? 10)),
  ),
];

export const MATH_METHODS: readonly FunctionRow[] = [onReceiver(roundTo, "number")];

/** Members of namespaces that are values. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["Math.PI", Math.PI],
  ["Math.E", Math.E],
  ["Number.MAX_SAFE_INTEGER", Number.MAX_SAFE_INTEGER],
  ["Number.MIN_SAFE_INTEGER", Number.MIN_SAFE_INTEGER],
]);

export function numberFrom(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw fault("bad_input", "The text is not a number.");
  return value + 0;
}

function leading(value: unknown, name: string, read: (text: string) => number): number | null {
  if (value === null) return null;
  if (typeof value !== "string" && typeof value !== "number") throw fault("bad_argument", `${name}: "text" must be a string or a number.`);
  const number = read(String(value));
  if (!Number.isFinite(number)) throw fault("bad_input", `${name}: the text does not begin with a number.`);
  return number + 0;
}
