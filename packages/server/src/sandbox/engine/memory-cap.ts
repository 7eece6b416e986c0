const MEMORY_SECTION = 5;

/** Before the first section: the magic number and the version. */
const HEADER_BYTES = 8;

/**
 * The same WASM module, whose memory does not grow beyond `pages` (64 KiB each): growing it further fails inside of the module. Throws where
 * the module does not define exactly one memory of its own without a bound.
 */
export function withMemoryCap(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const id = module[at];
    const length = readNumber(module, at + 1);
    const start = length.end;
    if (id !== MEMORY_SECTION) {
      at = start + length.value;
      continue;
    }
    const [count, flags] = module.subarray(start, start + 2);
    if (count !== 1 || flags !== 0) throw new Error("the module does not define one memory without a bound");
    const least = readNumber(module, start + 2).value;
    const section = [1, 1, ...numberBytes(least), ...numberBytes(pages)];
    const head = [MEMORY_SECTION, ...numberBytes(section.length), ...section];
    return new Uint8Array(Buffer.concat([module.subarray(0, at), Uint8Array.from(head), module.subarray(start + length.value)]));
  }
  throw new Error("the module defines no memory");
}

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let shift = 0, end = at; ; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end };
  }
}

function numberBytes(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(value >>> 7)];
}
