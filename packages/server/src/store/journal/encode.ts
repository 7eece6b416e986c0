import type { Json } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { type Blob, blobOf } from "#store/journal/content";
import { isSurelyLarge, MAX_INLINE_CHARACTERS, type StoredValues, withoutLarge } from "#store/journal/large-values";
import { type WithoutRepeats, withoutRepeats } from "#store/journal/repeats";
import type { BlobRef, PlacedBlob, SameValue } from "#store/journal/segment";

export interface EncodedSegment {
  readonly text: string;
  /** To be durable before the row is; then to be added to the claim's stored values. */
  readonly blobs: readonly NewBlob[];
}

export interface NewBlob {
  readonly value: Json;
  readonly blob: Blob;
}

/** The text of a segment, format 1. Members that are undefined are left out. */
export function encodeSegment(entries: readonly Entry[], stored: StoredValues): EncodedSegment {
  const kept = withoutRepeats(entries);
  const whole = entries.length <= FEW_ENTRIES && !entries.some(isSurelyLarge) ? wholeText(kept) : null;
  if (whole !== null) return { text: whole, blobs: [] };
  const large = new LargeValues(stored);
  let text = "";
  for (let index = 0; index < entries.length; index++) {
    const small = smallText(kept.entries[index]);
    // A large entry is taken as it was given: its values, stored apart, must not lack what this segment holds elsewhere.
    text += (index === 0 ? '{"entries":[' : ",") + (small ?? large.write(entries[index], index));
  }
  const same = large.indexes.size === 0 ? kept.same : kept.same.filter(([to]) => !large.indexes.has(Number(to.split("/", 2)[1])));
  return { text: `${text}]${sideList("same", same)}${sideList("blobs", large.placed)}}`, blobs: large.created };
}

/** Written in one go where that is likely to be small; above it, entry by entry, so that no huge text is made for nothing. */
const FEW_ENTRIES = 32;

/** What is small as a whole holds no large value. */
function wholeText({ entries, same }: WithoutRepeats): string | null {
  const text = JSON.stringify(same.length === 0 ? { entries } : { entries, same });
  return text.length <= MAX_INLINE_CHARACTERS ? text : null;
}

/** The entry's text, where it holds no large value; most entries are small as a whole, which their text says. */
function smallText(entry: Entry | undefined): string | null {
  if (!entry || isSurelyLarge(entry)) return null;
  const text = JSON.stringify(entry);
  return text.length <= MAX_INLINE_CHARACTERS ? text : null;
}

function sideList(name: string, list: readonly SameValue[] | readonly PlacedBlob[]): string {
  return list.length === 0 ? "" : `,"${name}":${JSON.stringify(list)}`;
}

/** Gathers the large values of one segment; each content is hashed once. */
class LargeValues {
  readonly placed: PlacedBlob[] = [];
  readonly created: NewBlob[] = [];
  /** The entries that went through here. */
  readonly indexes = new Set<number>();
  readonly #stored: StoredValues;
  readonly #here = new Map<Json, BlobRef>();

  constructor(stored: StoredValues) {
    this.#stored = stored;
  }

  /** The text of the entry without its large values. */
  write(given: Entry | undefined, index: number): string {
    if (!given) throw new Error("a segment has no gaps");
    const { entry, large } = withoutLarge(given, index, this.#stored);
    for (const { at, value } of large) {
      const { sha256, bytes, kind } = this.#refOf(value);
      this.placed.push([at, sha256, bytes, kind]);
    }
    this.indexes.add(index);
    return JSON.stringify(entry);
  }

  #refOf(value: Json): BlobRef {
    const known = this.#stored.find(value) ?? this.#here.get(value);
    if (known) return known;
    const blob = blobOf(value);
    this.#here.set(value, blob);
    this.created.push({ value, blob });
    return blob;
  }
}
