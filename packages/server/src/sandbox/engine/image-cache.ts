import type { MemoryImage } from "#sandbox/engine/memory";
import { IMAGE_BYTES_PER_PROCESS } from "#sandbox/limits";

/** Snapshots by slot, bounded in bytes; the least recently used leave first. */
export class ImageCache {
  private readonly images = new Map<number, MemoryImage>();
  private bytes = 0;
  private readonly limit: number;

  constructor(limit = IMAGE_BYTES_PER_PROCESS) {
    this.limit = limit;
  }

  get(slot: number): MemoryImage | undefined {
    const image = this.images.get(slot);
    if (image === undefined) return undefined;
    this.images.delete(slot);
    this.images.set(slot, image);
    return image;
  }

  set(slot: number, image: MemoryImage): void {
    this.delete(slot);
    this.images.set(slot, image);
    this.bytes += sizeOf(image);
    for (const oldest of this.images.keys()) {
      if (this.bytes <= this.limit || oldest === slot) return;
      this.delete(oldest);
    }
  }

  delete(slot: number): void {
    const image = this.images.get(slot);
    if (image === undefined) return;
    this.images.delete(slot);
    this.bytes -= sizeOf(image);
  }
}

function sizeOf(image: MemoryImage): number {
  return image.statics.length + image.heap.length;
}
