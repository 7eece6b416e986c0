const FIRST_VERSION = "1.0.0";

/** The name of the next version: the newest name whose last dot-separated part is decimal, that part raised until the name is free. */
export function nextVersionName(newestFirst: readonly string[]): string {
  const base = newestFirst.find((name) => LAST_NUMBER.test(name));
  if (base === undefined) return FIRST_VERSION;
  const taken = new Set(newestFirst);
  const [, head = "", digits = ""] = LAST_NUMBER.exec(base) ?? [];
  for (let number = BigInt(digits) + 1n; ; number++) {
    const name = `${head}${number}`;
    if (!taken.has(name)) return name;
  }
}

/** A draft is named by what it says; hex digits of SHA-256 enough to tell the drafts of one workflow apart. */
export function draftVersionName(hash: string): string {
  return `draft-${hash.slice(0, 16)}`;
}

/** Is it a draft's, and no version that was published? */
export function isDraftVersion(name: string): boolean {
  return name.startsWith("draft-");
}

/** Group 1: everything up to the last part, its dot included; group 2: the last part. */
const LAST_NUMBER = /^((?:.*\.)?)([0-9]+)$/s;
