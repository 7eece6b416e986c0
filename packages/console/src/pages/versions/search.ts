/** What the page's address says beyond its path: the two that are compared; `draft`, or a version. */
export interface VersionsSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function versionsSearch({ from, to }: Readonly<Record<string, unknown>>): VersionsSearch {
  return { ...(typeof from === "string" && { from }), ...(typeof to === "string" && { to }) };
}
