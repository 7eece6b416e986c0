interface Decimal {
  readonly digits: bigint;
  /** Places after the decimal point. */
  readonly places: number;
}

/** Exact, on the decimal numbers as they are written: 0.3 is a multiple of 0.1, although the doubles' quotient is not whole. */
export function isMultipleOf(value: number, divisor: number): boolean {
  const [left, right] = [toDecimal(value), toDecimal(divisor)];
  const places = Math.max(left.places, right.places);
  return scale(left, places) % scale(right, places) === 0n;
}

/** The shortest decimal that reads back as the double: `-12.5e-3` is -125 with 4 places. */
function toDecimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), places: fraction.length - Number(exponent) };
}

/** Doubles have at most 324 decimal places and 309 digits, so the power stays small. */
function scale({ digits, places }: Decimal, target: number): bigint {
  return digits * 10n ** BigInt(target - places);
}
