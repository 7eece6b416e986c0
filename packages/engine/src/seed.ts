import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** A number in [0, 1) that depends on `text` alone: the engine's only chance, so that every replay draws the same. */
export function unitInterval(text: string): number {
  const bytes = sha256(utf8ToBytes(text));
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return view.getUint32(0) / 2 ** 32;
}
