import type { Json, JsonObject } from "@millrace/contract";
import { fromPointer } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { readContent } from "#store/journal/content";
import { type BlobRef, isContainer, type PlacedBlob, type SameValue, type SegmentDocument } from "#store/journal/segment";

/** The content of a blob, verified; rejects where it is missing or damaged. */
export type LoadBlob = (ref: BlobRef) => Promise<string>;

export interface DecodeOptions {
  /** Only values at, above or below these JSON pointers are put back; absent: all of them. The others read as null. */
  readonly wanted?: readonly string[];
  /** Values of blobs that were loaded before, by hash: equal values of one journal are one value in memory. */
  readonly loaded?: Map<string, Json>;
}

/** The entries of a verified segment text, format 1. */
export async function decodeSegment(text: string, load: LoadBlob, options: DecodeOptions = {}): Promise<readonly Entry[]> {
  const { entries, same = [], blobs = [] } = JSON.parse(text) as SegmentDocument;
  const root = entries as unknown as readonly Json[];
  const wanted = options.wanted ? withSources(options.wanted, same) : null;
  for (const placed of blobs) {
    if (wanted === null || isNear(placed[0], wanted)) put(root, placed[0], await blobValue(placed, load, options.loaded));
  }
  // In the order of writing: what a later pair refers to is whole by then.
  for (const [to, from] of same) put(root, to, valueAt(root, from));
  return entries;
}

/** What was taken apart by `takenApart`, whole again; the value that stayed is used up. */
export async function putTogether(value: Json, blobs: readonly PlacedBlob[], load: LoadBlob): Promise<Json> {
  const root = [value];
  for (const placed of blobs) put(root, placed[0], await blobValue(placed, load, undefined));
  return root[0] ?? null;
}

async function blobValue([, sha256, bytes, kind]: PlacedBlob, load: LoadBlob, loaded: Map<string, Json> | undefined): Promise<Json> {
  const key = `${kind} ${sha256}`;
  const known = loaded?.get(key);
  if (known !== undefined) return known;
  const value = readContent(await load({ sha256, bytes, kind }), kind);
  loaded?.set(key, value);
  return value;
}

/** A wanted value may be the same as one elsewhere, which is wanted then too. Pairs refer backwards, so one pass from the end suffices. */
function withSources(wanted: readonly string[], same: readonly SameValue[]): readonly string[] {
  const all = [...wanted];
  for (const [to, from] of same.toReversed()) if (isNear(to, all)) all.push(from);
  return all;
}

function isNear(pointer: string, wanted: readonly string[]): boolean {
  return wanted.some((one) => pointer === one || pointer.startsWith(`${one}/`) || one.startsWith(`${pointer}/`));
}

function put(root: readonly Json[], pointer: string, value: Json): void {
  const steps = fromPointer(pointer);
  const key = steps.pop();
  const holder = steps.reduce<Json>(member, root);
  if (key === undefined || !isContainer(holder) || !Object.hasOwn(holder, key)) throw new Error(`there is no place ${pointer}`);
  // The placeholder is an own member, whatever its name: an assignment finds it and no prototype.
  (holder as { [key: string]: Json })[key] = value;
}

function valueAt(root: readonly Json[], pointer: string): Json {
  return fromPointer(pointer).reduce<Json>(member, root);
}

function member(holder: Json, key: string): Json {
  if (!isContainer(holder) || !Object.hasOwn(holder, key)) throw new Error(`there is no member ${key}`);
  return (holder as JsonObject)[key] ?? null;
}
