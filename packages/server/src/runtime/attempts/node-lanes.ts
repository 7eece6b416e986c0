import { type ExecuteCommand, nodeConcurrencyKey, type RunState } from "@millrace/engine";
import { FairPlaces, type Place } from "#runtime/attempts/fair-places";

/** An attempt's right to be under way, under the limit of its node. */
export type NodeTurn = Pick<Place, "take" | "leave">;

export interface NodeLimits {
  /** null: no limit holds for the attempt. Throws ExpressionError where the node's inputs cannot be evaluated. */
  turn(tenantId: string, state: RunState, command: ExecuteCommand): NodeTurn | null;
}

interface Lane {
  readonly places: FairPlaces;
  /** Attempts that hold a turn or wait for one. */
  users: number;
}

/**
 * Limits of nodes, over all runs of a process that has the data for itself: runs are served by turns. Nothing of it outlives the process:
 * what was under way asks again when it is resumed. A lane without attempts is forgotten.
 */
export class NodeLanes implements NodeLimits {
  readonly #lanes = new Map<string, Lane>();
  readonly #stateOf: (runId: string) => RunState | null;

  /** `stateOf`: of a run that is driven here. */
  constructor(stateOf: (runId: string) => RunState | null) {
    this.#stateOf = stateOf;
  }

  turn(tenantId: string, state: RunState, { path, node }: ExecuteCommand): NodeTurn | null {
    const key = nodeConcurrencyKey(state, path);
    if (key === null || !node.concurrency || this.#isWithinItself(state, key)) return null;
    return new LaneTurn(this, `${tenantId} ${key}`, node.concurrency.limit, state.run.runId);
  }

  join(id: string, limit: number): FairPlaces {
    const lane = this.#lanes.get(id) ?? { places: new FairPlaces(limit), users: 0 };
    lane.users += 1;
    this.#lanes.set(id, lane);
    // A newer version may say another limit: it holds for all.
    lane.places.resize(limit);
    return lane.places;
  }

  quit(id: string): void {
    const lane = this.#lanes.get(id);
    if (!lane) return;
    lane.users -= 1;
    if (lane.users === 0) this.#lanes.delete(id);
  }

  /** A workflow that calls itself, by whatever way: an attempt that had to wait for the one which waits for it would wait for ever. */
  #isWithinItself(state: RunState, key: string): boolean {
    for (let { caller } = state.run; caller; ) {
      const calling = this.#stateOf(caller.runId);
      if (!calling) return false;
      if (nodeConcurrencyKey(calling, caller.path) === key) return true;
      caller = calling.run.caller;
    }
    return false;
  }
}

class LaneTurn implements NodeTurn {
  readonly #lanes: NodeLanes;
  readonly #id: string;
  readonly #limit: number;
  readonly #runId: string;
  #place: Place | null = null;

  constructor(lanes: NodeLanes, id: string, limit: number, runId: string) {
    this.#lanes = lanes;
    this.#id = id;
    this.#limit = limit;
    this.#runId = runId;
  }

  take(begin: () => void): void {
    this.#place = this.#lanes.join(this.#id, this.#limit).place(this.#runId);
    this.#place.take(begin);
  }

  leave(): void {
    const place = this.#place;
    this.#place = null;
    if (!place) return;
    place.leave();
    this.#lanes.quit(this.#id);
  }
}
