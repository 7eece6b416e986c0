/** What the page's address says beyond its path. */
export interface AlertSearch {
  /** The rule whose events are shown; absent: all of them. */
  readonly alert?: string | undefined;
}

export function alertSearch({ alert }: Readonly<Record<string, unknown>>): AlertSearch {
  return typeof alert === "string" ? { alert } : {};
}
