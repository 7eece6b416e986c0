import type { Json, JsonObject } from "@millrace/contract";
import { isContainer } from "#store/journal/segment";

export const EMPTY_LENGTH = "{}".length;

/** What JSON text writes in another way than it stands: quotes, backslashes, control characters, and surrogates where they are alone. */
const NEEDS_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;

/** Characters of a value's JSON text, exact up to `limit`; beyond it, any number above `limit`. Makes no text. */
export function jsonLength(value: Json, limit: number): number {
  if (typeof value === "string") return value.length > limit ? value.length : stringLength(value);
  if (!isContainer(value)) return String(value).length;
  return Array.isArray(value) ? itemsLength(value, limit) : membersLength(value as JsonObject, limit);
}

export function stringLength(text: string): number {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text).length : text.length + 2;
}

function itemsLength(items: readonly Json[], limit: number): number {
  let length = EMPTY_LENGTH + Math.max(0, items.length - 1);
  for (const item of items) {
    if (length > limit) break;
    length += jsonLength(item ?? null, limit - length);
  }
  return length;
}

function membersLength(members: JsonObject, limit: number): number {
  let length = EMPTY_LENGTH - 1;
  for (const key of Object.keys(members)) {
    const member: Json | undefined = members[key];
    if (member === undefined) continue;
    if (length > limit) break;
    length += stringLength(key) + 2;
    length += jsonLength(member, limit - length);
  }
  // Each member brought a comma; the first one needs none.
  return Math.max(EMPTY_LENGTH, length);
}
