/** Never read from anything, and no parameter's name: they lead to host objects in other languages, and would only confuse here. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function isForbidden(name: string): boolean {
  return FORBIDDEN.has(name);
}
