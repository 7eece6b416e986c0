import type { Json } from "@millrace/contract";
import type { FieldPacket } from "mysql2";
import { bytes, floating } from "#databases/values";

/** Numbers that the protocol gives to types. */
const TIMESTAMP = 7;
const DATETIME = 12;
const BIT = 16;

/** A value of a column as the driver gives it: wide and exact numbers are texts already, times are as MySQL writes them. */
export function jsonOf(value: unknown, field: FieldPacket | undefined): Json {
  if (typeof value === "number") return floating(value);
  if (typeof value === "string") return field ? timeOf(value, field.columnType) : value;
  if (value instanceof Uint8Array) return field?.columnType === BIT ? bitsOf(value) : bytes(value);
  if (value === undefined) return null;
  return value as Json;
}

/** `2024-01-02 03:04:05`: a timestamp is a moment, a datetime is what a clock shows. */
function timeOf(value: string, type: number | undefined): string {
  if (type === TIMESTAMP) return `${value.replace(" ", "T")}Z`;
  return type === DATETIME ? value.replace(" ", "T") : value;
}

function bitsOf(value: Uint8Array): Json {
  const number = value.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(number) ? number : bytes(value);
}
