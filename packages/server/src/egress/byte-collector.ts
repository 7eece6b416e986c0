/** Gathers a body of unknown length. Copies, so that many tiny chunks cost their bytes and no more. */
export interface ByteCollector {
  /** False, and nothing is kept, when the chunk would pass the bound. */
  add(chunk: Uint8Array): boolean;
  readonly length: number;
  take(): Uint8Array;
}

// One network read; most answers fit.
const FIRST_BYTES = 16 * 1024;

export function createByteCollector(maxBytes: number): ByteCollector {
  let bytes = new Uint8Array(0);
  let length = 0;
  const grow = (needed: number) => {
    const larger = new Uint8Array(Math.min(maxBytes, Math.max(needed, bytes.length * 2, FIRST_BYTES)));
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
    take: () => bytes.slice(0, length),
  };
}
