import type { Json } from "@millrace/contract";

/** Why a text is not used: it is no JSON, it holds a number that no double can hold, or it is nested too deep. */
export type JsonReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: "syntax" | "number" | "depth" };

/** Reads JSON text nested at most `maxDepth` arrays and objects deep. */
export function readJson(text: string, maxDepth: number): JsonReading {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: "syntax" }; // The one thing that the parser throws.
  }
  const why = faultOf(value, maxDepth);
  return why === null ? { ok: true, value } : { ok: false, why };
}

/** Level by level and not by recursion: what has just been parsed may be deeper than the stack. */
function faultOf(value: Json, maxDepth: number): "number" | "depth" | null {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (level.some((one) => typeof one === "number" && !Number.isFinite(one))) return "number";
    if (depth === maxDepth && level.some((one) => typeof one === "object" && one !== null)) return "depth";
    level = level.flatMap(membersOf);
  }
  return null;
}

function membersOf(value: Json): readonly Json[] {
  if (value === null || typeof value !== "object") return [];
  return Array.isArray(value) ? value : Object.values(value);
}
