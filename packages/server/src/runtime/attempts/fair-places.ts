/**
 * So many at once. Whoever waits is served by turns, group by group: one that asks for a thousand delays another by one, not by a thousand.
 * A share of the places can be kept from any single group: then whoever else comes finds one, and does not even wait for that turn.
 */
export class FairPlaces {
  readonly #spareShare: number;
  readonly #held = new Map<string, number>();
  #places: number;
  /** Below 0: there are fewer places by now than are held. */
  #free: number;
  /** What waits, by group; the group that is served next comes first. */
  readonly #waiting = new Map<string, Set<Place>>();

  constructor(places: number, { spareShare = 0 }: { readonly spareShare?: number } = {}) {
    this.#places = places;
    this.#free = places;
    this.#spareShare = spareShare;
  }

  /** From now on so many at once. */
  resize(places: number): void {
    this.#free += places - this.#places;
    this.#places = places;
    this.#serve();
  }

  place(group: string): Place {
    return new Place(this, group);
  }

  /** Grants the place at once where one is free, or later. */
  ask(place: Place): void {
    const line = this.#waiting.get(place.group) ?? new Set();
    this.#waiting.set(place.group, line.add(place));
    this.#serve();
  }

  giveBack(group: string): void {
    this.#free += 1;
    this.#hold(group, -1);
    this.#serve();
  }

  withdraw(place: Place): void {
    const line = this.#waiting.get(place.group);
    line?.delete(place);
    if (line?.size === 0) this.#waiting.delete(place.group);
  }

  #serve(): void {
    while (this.#free > 0) {
      const next = this.#nextGroup();
      if (!next) return;
      const [group, line] = next;
      const [place] = line;
      // To the end of the groups, where it has more.
      this.#waiting.delete(group);
      if (place) line.delete(place);
      if (line.size > 0) this.#waiting.set(group, line);
      this.#free -= 1;
      this.#hold(group, 1);
      place?.grant();
    }
  }

  /** The first that has not all that one group may have; there is one such group at most where a quarter is spare. */
  #nextGroup(): readonly [string, Set<Place>] | undefined {
    const most = this.#places - Math.floor(this.#places * this.#spareShare);
    for (const entry of this.#waiting) if ((this.#held.get(entry[0]) ?? 0) < most) return entry;
    return undefined;
  }

  /** Without spare places nobody asks who holds them. */
  #hold(group: string, change: 1 | -1): void {
    if (this.#spareShare === 0) return;
    const held = (this.#held.get(group) ?? 0) + change;
    if (held === 0) this.#held.delete(group);
    else this.#held.set(group, held);
  }
}

/** Asked for once, left once. */
export class Place {
  readonly group: string;
  readonly #places: FairPlaces;
  #state: "new" | "waiting" | "held" | "left" = "new";
  #begin: () => void = () => undefined;

  constructor(places: FairPlaces, group: string) {
    this.#places = places;
    this.group = group;
  }

  /** Calls back when it is there, which may be at once. */
  take(begin: () => void): void {
    if (this.#state !== "new") return;
    this.#state = "waiting";
    this.#begin = begin;
    this.#places.ask(this);
  }

  grant(): void {
    this.#state = "held";
    this.#begin();
  }

  /** Gives it back, or waits for it no longer. */
  leave(): void {
    const before = this.#state;
    this.#state = "left";
    if (before === "held") this.#places.giveBack(this.group);
    if (before === "waiting") this.#places.withdraw(this);
  }
}
