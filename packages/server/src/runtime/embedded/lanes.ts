import { QueueFull } from "#runtime/runtime";
import type { Soon } from "#soon";

/** What a caller is told to wait when the line is full. */
const FULL_RETRY_MS = 1_000;

export function queueFull(queue: number): QueueFull {
  return new QueueFull(queue, FULL_RETRY_MS);
}

export interface LaneLimits {
  /** Runs under way at once. */
  readonly limit: number;
  /** Runs that may wait. */
  readonly queue: number;
}

/** A run's right to be under way, under the limit of its lane. */
export interface Turn {
  readonly isHeld: boolean;
  /** 1 is next; null: it does not wait. */
  readonly position: number | null;
  /** Of a run that is accepted now: throws or rejects with QueueFull where it could neither begin nor wait. */
  enter(queue: number): Soon<void>;
  /** Calls back when it is the run's turn, which may be at once; asking again while it waits changes nothing. */
  ask(granted: () => void): void;
  /** Ends the turn, or leaves the line. */
  giveBack(): void;
}

/**
 * Runs that share a limit, oldest first. L1: never more turns are held in a lane than its limit. L2: whoever asks is granted a turn as soon
 * as one is free and no older run waits. A lane without any is forgotten.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  /** Throws QueueFull where a run that is accepted now could neither begin nor wait. */
  assertRoom(id: string, { limit, queue }: LaneLimits): void {
    const lane = this.#lanes.get(id);
    if (lane && lane.held >= limit && lane.waiting.length >= queue) throw queueFull(queue);
  }

  /** `order`: runs wait in the order of these texts. A newer limit holds for all of the lane. */
  turn(id: string, { limit }: LaneLimits, order: string): Turn {
    return new LaneTurn(this, id, limit, order);
  }

  open(id: string, limit: number): Lane {
    const lane = this.#lanes.get(id) ?? { limit, held: 0, waiting: [] };
    lane.limit = limit;
    this.#lanes.set(id, lane);
    return lane;
  }

  find(id: string): Lane | undefined {
    return this.#lanes.get(id);
  }

  /** Grants what is free, and forgets a lane without runs. */
  serve(id: string): void {
    const lane = this.#lanes.get(id);
    while (lane && lane.held < lane.limit) {
      const next = lane.waiting.shift();
      if (!next) break;
      lane.held += 1;
      next.grant();
    }
    if (lane?.held === 0 && lane.waiting.length === 0) this.#lanes.delete(id);
  }
}

interface Lane {
  limit: number;
  held: number;
  /** Oldest first. */
  readonly waiting: LaneTurn[];
}

class LaneTurn implements Turn {
  readonly order: string;
  readonly #lanes: Lanes;
  readonly #id: string;
  readonly #limit: number;
  #state: "idle" | "waiting" | "held" = "idle";
  #granted: () => void = () => undefined;

  constructor(lanes: Lanes, id: string, limit: number, order: string) {
    this.#lanes = lanes;
    this.#id = id;
    this.#limit = limit;
    this.order = order;
  }

  get isHeld(): boolean {
    return this.#state === "held";
  }

  get position(): number | null {
    if (this.#state !== "waiting") return null;
    const { waiting = [] } = this.#lanes.find(this.#id) ?? {};
    return placeIn(waiting, this.order) + 1;
  }

  enter(queue: number): void {
    this.#lanes.assertRoom(this.#id, { limit: this.#limit, queue });
  }

  ask(granted: () => void): void {
    if (this.#state !== "idle") return;
    this.#state = "waiting";
    this.#granted = granted;
    const { waiting } = this.#lanes.open(this.#id, this.#limit);
    waiting.splice(placeIn(waiting, this.order), 0, this);
    this.#lanes.serve(this.#id);
  }

  grant(): void {
    this.#state = "held";
    this.#granted();
  }

  giveBack(): void {
    const lane = this.#lanes.find(this.#id);
    if (this.#state === "idle" || !lane) return;
    if (this.#state === "held") lane.held -= 1;
    else lane.waiting.splice(placeIn(lane.waiting, this.order), 1);
    this.#state = "idle";
    this.#lanes.serve(this.#id);
  }
}

/** Where it is, or belongs: by halving, because a line may be long. */
function placeIn(waiting: readonly LaneTurn[], order: string): number {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle]?.order ?? "") < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
