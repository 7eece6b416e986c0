/** Hands out names that are unique among those it has given. */
export class Names {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();
  readonly #maxChars: number;

  constructor(taken: Iterable<string>, maxChars: number) {
    this.#taken = new Set(taken);
    this.#maxChars = maxChars;
  }

  /** `wanted`, or `wanted_2`, `wanted_3`, … when it is taken or not allowed. */
  take(wanted: string): string {
    const base = wanted.slice(0, this.#maxChars);
    if (this.takeExactly(base)) return base;
    for (let number = this.#next.get(base) ?? 2; ; number++) {
      const suffix = `_${number}`;
      const name = base.slice(0, this.#maxChars - suffix.length) + suffix;
      this.#next.set(base, number + 1);
      if (this.takeExactly(name)) return name;
    }
  }

  /** Takes `name` itself, if it is free. */
  takeExactly(name: string): boolean {
    if (name.length > this.#maxChars || this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }
}

/** Letters, digits and _ of any text; `fallback` when none is left, `<fallback>_1a` when it would start with a digit. */
export function identifierFrom(text: string, fallback: string): string {
  const word = text.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+(?=[A-Za-z0-9])|(?<!_)_+$/g, "");
  if (!/[A-Za-z0-9]/.test(word)) return fallback;
  return /^[0-9]/.test(word) ? `${fallback}_${word}` : word;
}
