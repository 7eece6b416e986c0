import type { Json, JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";

/**
 * A journal is stored in segments: consecutive entries that were appended together, as JSON text. Format 1:
 *
 *     {"entries": [...], "same": [[to, from], ...], "blobs": [[to, sha256, bytes, kind], ...]}
 *
 * `to` and `from` are JSON pointers into `entries`. A value that is stored elsewhere leaves `null` in its place, so that the order of
 * members survives, and is named in one of the side lists: `same` for a value that this segment already holds at `from`, `blobs` for
 * a large value. User data carries no marker, so none can be forged. A list that is empty is left out.
 */
export const SEGMENT_FORMAT = 1;

export interface SegmentDocument {
  readonly entries: readonly Entry[];
  readonly same?: readonly SameValue[];
  readonly blobs?: readonly PlacedBlob[];
}

export type SameValue = readonly [to: string, from: string];
export type PlacedBlob = readonly [to: string, sha256: string, bytes: number, kind: BlobKind];

/** `text`: the UTF-8 of a string; `json`: JSON text, also of a string that UTF-8 cannot hold (lone surrogates). */
export type BlobKind = "text" | "json";

/** A large value, stored once under the hash of its content. */
export interface BlobRef {
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
  /** Length of the content. */
  readonly bytes: number;
  readonly kind: BlobKind;
}

/** The members of entries that hold users' values; all others are small. */
export const VALUE_MEMBERS = ["input", "output", "assign", "iterate"] as const;

/** Entries are plain JSON. */
export function membersOf(entry: Entry): JsonObject {
  return entry as unknown as JsonObject;
}

/** The entry with some members replaced by the `null` that stands for a value kept elsewhere. */
export function withMembers(members: JsonObject): Entry {
  return members as unknown as Entry;
}

/** One step of a JSON pointer. */
export function pointerStep(key: string | number): string {
  if (typeof key === "number") return `/${key}`;
  return key.includes("~") || key.includes("/") ? `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}` : `/${key}`;
}

export function isContainer(value: Json | undefined): value is readonly Json[] | JsonObject {
  return typeof value === "object" && value !== null;
}
