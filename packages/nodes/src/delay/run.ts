import type { Json } from "@millrace/contract";
import { describe, readDate, TerminalError } from "@millrace/engine";
import { spec } from "#delay/spec";
import { definePure } from "#kit/executor";

interface Config {
  readonly until?: Json;
  readonly forMs?: number;
}

export const executor = definePure<Config>(spec, ({ until, forMs }) =>
  forMs === undefined ? { verb: "wait", until: momentOf(until ?? null) } : { verb: "wait", forMs },
);

function momentOf(value: Json): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value !== "string")
    throw new TerminalError("type_error", `until must be whole milliseconds since 1970 or a date, and it is ${describe(value)}.`);
  const moment = readDate(value);
  if (moment === null) throw new TerminalError("type_error", "until: the text is no date; parseDate reads one in any pattern.");
  return moment;
}
