export type InputText = { readonly ok: true; readonly value: object } | { readonly ok: false; readonly problem: string };

/** What somebody typed as the input of a run: a JSON object, or what is wrong with it. */
export function inputOf(text: string): InputText {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ok: true, value } : { ok: false, problem: text.trim().slice(0, 40) };
  } catch (error) {
    return { ok: false, problem: (error as Error).message };
  }
}

/** Members that are not what they were, came, or went. */
export function changedNames(before: object, after: object): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)));
}
