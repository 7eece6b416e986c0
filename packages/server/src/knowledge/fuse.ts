import type { Ranked } from "#store/knowledge-store";

/** Dampens how much more the first place counts than the tenth; the usual one of reciprocal-rank fusion. */
const DAMPING = 60;

export interface Fused {
  readonly id: number;
  /** 1: the first of every ranking. */
  readonly score: number;
  /** By ranking: its place from 1, and its score there; null: it is not in it. */
  readonly places: readonly (Place | null)[];
}

export interface Place {
  readonly rank: number;
  readonly score: number;
}

/** Puts rankings together by the places in them (reciprocal-rank fusion): their scores cannot be compared. */
export function fuse(rankings: readonly (readonly Ranked[])[]): readonly Fused[] {
  const places = new Map<number, (Place | null)[]>();
  for (const [which, ranking] of rankings.entries())
    for (const [at, { id, score }] of ranking.entries()) {
      const of = places.get(id) ?? rankings.map(() => null);
      of[which] = { rank: at + 1, score };
      places.set(id, of);
    }
  const best = rankings.length / (DAMPING + 1);
  const fused = [...places].map(([id, of]) => {
    const sum = of.reduce((total, place) => total + (place ? 1 / (DAMPING + place.rank) : 0), 0);
    return { id, score: sum / best, places: of };
  });
  return fused.sort((a, b) => b.score - a.score || a.id - b.id);
}
