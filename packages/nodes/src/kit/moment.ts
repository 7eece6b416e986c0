import type { Json } from "@millrace/contract";
import { describe, readDate, TerminalError } from "@millrace/engine";

/** Epoch ms of whole milliseconds or of a date as a text. Throws `type_error`, which names the member. */
export function momentOf(member: string, value: Json): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value !== "string")
    throw new TerminalError("type_error", `${member} must be whole milliseconds since 1970 or a date, and it is ${describe(value)}.`);
  const moment = readDate(value);
  if (moment === null) throw new TerminalError("type_error", `${member}: the text is no date; parseDate reads one in any pattern.`);
  return moment;
}
