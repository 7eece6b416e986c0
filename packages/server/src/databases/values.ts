import type { Json } from "@millrace/contract";

/** A whole number: as such where a double holds it exactly, else its digits. */
export function wholeNumber(value: bigint | string): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** A floating-point number; JSON has no word for those that are none. */
export function floating(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}

export function bytes(value: Uint8Array): Json {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}
