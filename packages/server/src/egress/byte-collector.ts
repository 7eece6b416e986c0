/** Gathers a body of unknown length. Copies, so that many tiny chunks cost their bytes and no more. */
export interface ByteCollector {
  /** False, and nothing is kept, when the chunk would pass the bound. */
  add(chunk: Uint8Array): boolean;
  readonly length: number;
  take(): Uint8Array;
}

/** Room from the second chunk on: most answers are one chunk, which gets no more than it needs. */
const SECOND_BYTES = 16 * 1024;

export function createByteCollector(maxBytes: number): ByteCollector {
  let bytes = new Uint8Array(0);
  let length = 0;
  const grow = (needed: number) => {
    const room = length === 0 ? needed : Math.min(maxBytes, Math.max(needed, bytes.length * 2, SECOND_BYTES));
    const larger = new Uint8Array(room);
    larger.set(bytes.subarray(0, length));
    bytes = larger;
  };
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > maxBytes) return false;
      if (needed > bytes.length) grow(needed);
      bytes.set(chunk, length);
      length = needed;
      return true;
    },
    get length() {
      return length;
    },
    take: () => (length === bytes.length ? bytes : bytes.slice(0, length)),
  };
}
