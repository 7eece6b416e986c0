export interface EditorSearch {
  /** A run whose states and values are shown. */
  readonly run?: string | undefined;
}

export function editorSearch({ run }: Readonly<Record<string, unknown>>): EditorSearch {
  return typeof run === "string" ? { run } : {};
}
