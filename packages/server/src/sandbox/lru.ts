/** A map that forgets its least recently used entry when it is full. */
export class Lru<K, V> {
  private readonly entries = new Map<K, V>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.entries.size;
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /** Answers the value that had to leave, if any. */
  set(key: K, value: V): V | undefined {
    this.entries.delete(key);
    const evicted = this.entries.size >= this.limit ? this.takeOldest() : undefined;
    this.entries.set(key, value);
    return evicted;
  }

  /** Removes the least recently used entry. */
  takeOldest(): V | undefined {
    for (const [key, value] of this.entries) {
      this.entries.delete(key);
      return value;
    }
    return undefined;
  }
}
