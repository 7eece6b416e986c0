/** Durations are counted in classes: eight of them double the ms. The longest of a class. */
function msOfClass(of: number): number {
  return Math.round(2 ** ((of + 1) / 8)) - 1;
}

/** Within a tenth: so long or less took this share of those that are counted, by class. null: there are none. */
export function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [of, count] of [...counts].sort(([one], [other]) => one - other)) {
    seen += count;
    if (seen >= share * all && seen > 0) return msOfClass(of);
  }
  return null;
}
