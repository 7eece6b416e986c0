import { BUILD } from "#sandbox/engine/build";

const PAGE_BYTES = 65_536;

/** Stack below the limit of a program, for the engine's own functions, which check it only when they call the program. */
const STACK_MARGIN_BYTES = 64 * 1024;

/** The lowest part of a program's stack. If it is untouched, the program had enough: one call takes about 0.2 KiB. */
const LAST_STACK = Buffer.alloc(16 * 1024);

/** A copy of everything that is not zero while no call runs. */
export interface MemoryImage {
  readonly statics: Uint8Array;
  readonly heap: Uint8Array;
  readonly heapEnd: number;
}

/** The linear memory of the engine: bounded growth, snapshots, and the way back to a snapshot. */
export class GuestMemory {
  readonly wasm: WebAssembly.Memory;
  /** Growth was refused since the last call of `allow`. */
  refused = false;
  private view: Uint8Array;
  private allowedBytes: number;

  constructor(maxBytes: number) {
    const maximum = Math.ceil((BUILD.heapStart + maxBytes) / PAGE_BYTES);
    this.wasm = new WebAssembly.Memory({ initial: BUILD.initialPages, maximum: Math.max(maximum, BUILD.initialPages) });
    this.view = new Uint8Array(this.wasm.buffer);
    this.allowedBytes = this.view.length;
    this.guardGrowth();
  }

  /** The bytes; the view of before is empty after the memory has grown. */
  get bytes(): Uint8Array {
    if (this.view.length === 0) this.view = new Uint8Array(this.wasm.buffer);
    return this.view;
  }

  get size(): number {
    return this.wasm.buffer.byteLength;
  }

  get heapEnd(): number {
    return this.readU32(BUILD.heapEndAddress);
  }

  /** How much heap the guest may have from now on; what it has already stays. */
  allow(heapBytes: number): void {
    this.refused = false;
    this.allowedBytes = BUILD.heapStart + heapBytes;
  }

  readU32(address: number): number {
    const bytes = this.bytes;
    return (
      (byteAt(bytes, address) |
        (byteAt(bytes, address + 1) << 8) |
        (byteAt(bytes, address + 2) << 16) |
        (byteAt(bytes, address + 3) << 24)) >>>
      0
    );
  }

  writeU32(address: number, value: number): void {
    const bytes = this.bytes;
    for (let i = 0; i < 4; i++) bytes[address + i] = value >>> (8 * i);
  }

  take(): MemoryImage {
    const { bytes, heapEnd } = this;
    return { statics: bytes.slice(0, BUILD.staticEnd), heap: bytes.slice(BUILD.heapStart, heapEnd), heapEnd };
  }

  /**
   * Makes the memory what it was when the image was taken. Everything above the heap's end is zero at any time between two calls: it was
   * zero at the start, and here everything up to the end that the last call reached is copied or wiped. `stackBytes` is the stack that the
   * engine was allowed since the last time.
   */
  restore(image: MemoryImage, stackBytes: number): void {
    const { bytes, heapEnd } = this;
    if (heapEnd < BUILD.heapStart || heapEnd > bytes.length) throw new Error("the engine's heap has no plausible end");
    bytes.set(image.statics, 0);
    bytes.fill(0, BUILD.heapStart - stackBytes - STACK_MARGIN_BYTES, BUILD.heapStart);
    bytes.set(image.heap, BUILD.heapStart);
    if (heapEnd > image.heapEnd) bytes.fill(0, image.heapEnd, heapEnd);
  }

  /** Whether the engine came near the end of a stack of this size. */
  usedStack(stackBytes: number): boolean {
    const end = BUILD.heapStart - stackBytes;
    return LAST_STACK.compare(this.bytes, end, end + LAST_STACK.length) !== 0;
  }

  /** The engine's allocator asks the memory object itself to grow; an own property comes before the built-in. */
  private guardGrowth(): void {
    const grow = this.wasm.grow.bind(this.wasm);
    this.wasm.grow = (pages) => {
      if (this.size + pages * PAGE_BYTES <= this.allowedBytes) return grow(pages);
      this.refused = true;
      throw new RangeError("the guest may not have more memory");
    };
  }
}

function byteAt(bytes: Uint8Array, address: number): number {
  return bytes[address] ?? 0;
}
