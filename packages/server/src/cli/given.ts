import { usageError } from "#cli/cli-error";
import { durationMs } from "#cli/duration";

/** What the caller wrote after the command's name, read as the command needs it. Throws usage errors that name the flag. */
export class Given {
  readonly #arguments: readonly string[];
  readonly #flags: { readonly [name: string]: unknown };

  constructor(args: readonly string[], flags: { readonly [name: string]: unknown }) {
    this.#arguments = args;
    this.#flags = flags;
  }

  get arguments(): readonly string[] {
    return this.#arguments;
  }

  /** An argument that the command cannot do without: it was checked to be there. */
  argument(position: number): string {
    const value = this.#arguments[position];
    if (value === undefined) throw new Error(`argument ${position} is missing, and nobody checked`);
    return value;
  }

  on(flag: string): boolean {
    return this.#flags[flag] === true;
  }

  /** Was the flag given at all? */
  has(flag: string): boolean {
    return this.on(flag) || this.text(flag) !== undefined || this.list(flag).length > 0;
  }

  text(flag: string): string | undefined {
    const value = this.#flags[flag];
    return typeof value === "string" ? value : undefined;
  }

  list(flag: string): readonly string[] {
    const value = this.#flags[flag];
    return Array.isArray(value) ? value.map(String) : [];
  }

  integer(flag: string, min: number, max: number): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw usageError(`--${flag}: "${text}" is not a whole number from ${min} to ${max}`);
  }

  /** Not negative. */
  decimal(flag: string): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    if (/^\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
    throw usageError(`--${flag}: "${text}" is not a number like 0.25`);
  }

  durationMs(flag: string): number | undefined {
    const text = this.text(flag);
    return text === undefined ? undefined : durationMs(`--${flag}`, text);
  }
}
