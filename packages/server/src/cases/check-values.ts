import { isJsonObject, type Json, type Said, type Step, toPointer } from "@millrace/contract";
import { nearHint, type Problems } from "@millrace/engine";
import { faultOf, isMatcher } from "#cases/match";

/** Where a value stands in a test file. */
export type Steps = readonly Step[];

/** A matcher that can match nothing is a mistake, wherever it stands. */
export function checkMatchers(expected: unknown, at: Steps, problems: Problems): void {
  const value = (expected ?? null) as Json;
  if (isMatcher(value)) {
    const fault = faultOf(value);
    if (fault !== null) problems.add("invalid_value", toPointer(at), fault);
    return;
  }
  if (Array.isArray(value)) for (const [index, each] of value.entries()) checkMatchers(each, [...at, index], problems);
  else if (isJsonObject(value)) for (const [name, each] of Object.entries(value)) checkMatchers(each, [...at, name], problems);
}

/** For a problem's details. */
export function hintFor(name: string, names: readonly string[]): { readonly hint?: Said } {
  const hint = nearHint(name, names);
  return hint ? { hint } : {};
}
