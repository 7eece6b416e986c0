/** In the words of the index of drafts' runs. */
export const IS_DRAFT = "version >= 'draft-' AND version < 'draft.'";

/** Not above any UUIDv7 made at `ms` or later: the first 48 bits are the time. */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
