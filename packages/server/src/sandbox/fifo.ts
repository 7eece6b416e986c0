/** How many taken places may stay at the front before the array is cut. */
const SLACK = 1_024;

/** A queue whose take costs the same at any length; `Array.shift` moves every element of a long array. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head > SLACK || this.head === this.items.length) this.compact();
    return item;
  }

  /** Puts items before all others, in their order. */
  unshift(items: readonly T[]): void {
    this.compact();
    this.items.unshift(...items);
  }

  /** All items in their order; they stay. */
  toArray(): T[] {
    return this.items.slice(this.head).filter((item) => item !== undefined);
  }

  /** Takes everything out. */
  drain(): T[] {
    const rest = this.toArray();
    this.items = [];
    this.head = 0;
    return rest;
  }

  private compact(): void {
    this.items.splice(0, this.head);
    this.head = 0;
  }
}
