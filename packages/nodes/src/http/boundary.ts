const PREFIX = "millrace-";
const DIGITS = 10;

/**
 * A multipart boundary that occurs nowhere in the contents: the least number that follows the prefix in none of them.
 * Searching beats chance: an attempt that is repeated sends the same bytes.
 */
export function freeBoundary(contents: readonly Uint8Array[]): string {
  const taken = new Set(contents.flatMap(numbersIn));
  let number = 0;
  while (taken.has(number)) number += 1;
  return PREFIX + String(number).padStart(DIGITS, "0");
}

/** The numbers that stand behind the prefix in these bytes. The width is fixed, so that no boundary begins another. */
function numbersIn(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  const first = PREFIX.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const number = numberAt(bytes, at);
    if (number !== null) numbers.push(number);
  }
  return numbers;
}

function numberAt(bytes: Uint8Array, start: number): number | null {
  if (start + PREFIX.length + DIGITS > bytes.length) return null;
  for (let index = 1; index < PREFIX.length; index++) if (bytes[start + index] !== PREFIX.charCodeAt(index)) return null;
  const digits = String.fromCharCode(...bytes.subarray(start + PREFIX.length, start + PREFIX.length + DIGITS));
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
