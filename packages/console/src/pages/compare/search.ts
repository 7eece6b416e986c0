export interface CompareSearch {
  readonly a?: string | undefined;
  readonly b?: string | undefined;
}

export function compareSearch({ a, b }: Readonly<Record<string, unknown>>): CompareSearch {
  return { ...(typeof a === "string" && { a }), ...(typeof b === "string" && { b }) };
}
