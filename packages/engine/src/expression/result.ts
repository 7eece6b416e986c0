import type { Json } from "@millrace/contract";
import { limitExceeded } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { MAX_RESULT_DEPTH } from "#expression/limits";
import { isList, isObject } from "#value/json";

/**
 * Looks over a result that the expression has built. Its parts were counted when they were made, but a part may be in it many times:
 * `[x, x]` of `[x, x]` of … is small in memory and endless as text. So the length of its JSON text is limited too, and its depth. A text was counted as a whole.
 */
export function checkResult(value: Json, meter: Meter): void {
  if (typeof value !== "object" || value === null) return;
  const open: { readonly items: readonly Json[]; next: number }[] = [];
  let bytes = 0;
  const enter = (item: Json): void => {
    bytes += ownSize(item);
    if (bytes > meter.maxOutputBytes) throw meter.outputExceeded();
    if (typeof item !== "object" || item === null) return;
    if (open.length === MAX_RESULT_DEPTH) throw tooDeep();
    open.push({ items: isList(item) ? item : Object.values(item), next: 0 });
  };
  enter(value);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    if (top.next < top.items.length) enter(top.items[top.next++] ?? null);
    else open.pop();
  }
}

function tooDeep(): Error {
  return limitExceeded("depth", `The result is nested more than ${MAX_RESULT_DEPTH} levels deep (limit "depth").`);
}

/** About the characters of its JSON text, without those of its contents; never less than 1, so that the sum bounds the work. */
function ownSize(value: Json): number {
  if (typeof value === "string") return value.length + 3;
  if (isList(value)) return value.length + 2;
  if (!isObject(value)) return 5;
  let size = 2;
  for (const key of Object.keys(value)) size += key.length + 4;
  return size;
}
