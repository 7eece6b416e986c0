/** So many at once. Whoever waits is served by turns, group by group: one that asks for a thousand delays another by one, not by a thousand. */
export class FairPlaces {
  #places: number;
  /** Below 0: there are fewer places by now than are held. */
  #free: number;
  /** What waits, by group; the group that is served next comes first. */
  readonly #waiting = new Map<string, Set<Place>>();

  constructor(places: number) {
    this.#places = places;
    this.#free = places;
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

  giveBack(): void {
    this.#free += 1;
    this.#serve();
  }

  withdraw(place: Place): void {
    const line = this.#waiting.get(place.group);
    line?.delete(place);
    if (line?.size === 0) this.#waiting.delete(place.group);
  }

  #serve(): void {
    while (this.#free > 0) {
      const [first] = this.#waiting;
      if (!first) return;
      const [group, line] = first;
      const [place] = line;
      // To the end of the groups, where it has more.
      this.#waiting.delete(group);
      if (place) line.delete(place);
      if (line.size > 0) this.#waiting.set(group, line);
      this.#free -= 1;
      place?.grant();
    }
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
    if (before === "held") this.#places.giveBack();
    if (before === "waiting") this.#places.withdraw(this);
  }
}
