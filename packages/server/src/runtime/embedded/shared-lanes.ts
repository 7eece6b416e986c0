import { hash } from "node:crypto";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import { type LaneLimits, queueFull, type Turn } from "#runtime/embedded/lanes";
import type { SharedStore } from "#store/shared-store";

/** Between two looks at the lanes in which runs wait here, in ms: who gives a turn back says so, unless that is lost, or it died. */
const LOOK_MS = 1_000;

export interface SharedLanesPorts {
  readonly shared: Pick<SharedStore, "turns" | "say" | "hear">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
}

/** A run that asks for its turn in a lane of this name. */
export interface LaneRun {
  readonly lane: string;
  readonly tenantId: string;
  readonly runId: string;
}

/** The runs of one lane that wait here, oldest first. */
interface Line {
  readonly waiting: SharedTurn[];
  isServed: boolean;
}

/** As Lanes, over all processes that share a store: L1 and L2 hold there. */
export class SharedLanes {
  readonly ports: SharedLanesPorts;
  readonly #lines = new Map<string, Line>();
  readonly #deafen: () => void;
  #stopTimer: (() => void) | null = null;

  constructor(ports: SharedLanesPorts) {
    this.ports = ports;
    this.#deafen = ports.shared.hear(({ kind, id }) => kind === "turn" && this.serve(id));
  }

  stop(): void {
    this.#deafen();
    this.#stopTimer?.();
  }

  turn({ lane, ...run }: LaneRun, limits: LaneLimits): SharedTurn {
    return new SharedTurn(this, { ...run, lane: hash("sha256", lane), limit: limits.limit });
  }

  join(turn: SharedTurn): void {
    const line = this.#lines.get(turn.run.lane) ?? { waiting: [], isServed: false };
    this.#lines.set(turn.run.lane, line);
    line.waiting.push(turn);
    line.waiting.sort((left, right) => (left.run.runId < right.run.runId ? -1 : 1));
    this.#lookLater();
  }

  leave(turn: SharedTurn): void {
    const { waiting = [] } = this.#lines.get(turn.run.lane) ?? {};
    const place = waiting.indexOf(turn);
    if (place >= 0) waiting.splice(place, 1);
    if (waiting.length === 0) this.#lines.delete(turn.run.lane);
  }

  /** Asks for those that wait here, the oldest first, as long as one of them gets its turn. */
  serve(lane: string): void {
    const line = this.#lines.get(lane);
    if (!line || line.isServed) return;
    line.isServed = true;
    void this.#serve(line).finally(() => {
      line.isServed = false;
    });
  }

  async #serve({ waiting }: Line): Promise<void> {
    for (;;) {
      const [next] = waiting;
      if (!next || !(await next.look())) return;
    }
  }

  #lookLater(): void {
    const { clock } = this.ports;
    this.#stopTimer ??= clock.at(clock.now() + LOOK_MS, () => {
      this.#stopTimer = null;
      for (const lane of this.#lines.keys()) this.serve(lane);
      if (this.#lines.size > 0) this.#lookLater();
    });
  }
}

export class SharedTurn implements Turn {
  readonly run: LaneRun & { readonly limit: number };
  readonly #lanes: SharedLanes;
  #state: "idle" | "waiting" | "held" = "idle";
  #granted: () => void = () => undefined;
  #position: number | null = null;
  /** What the store is asked, one thing after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(lanes: SharedLanes, run: LaneRun & { readonly limit: number }) {
    this.#lanes = lanes;
    this.run = run;
  }

  get isHeld(): boolean {
    return this.#state === "held";
  }

  /** As of the last look. */
  get position(): number | null {
    return this.#state === "waiting" ? this.#position : null;
  }

  async enter(queue: number): Promise<void> {
    this.#state = "waiting";
    const isIn = await this.#ask(queue).catch((error: unknown) => {
      this.giveBack();
      throw error;
    });
    if (!isIn) {
      this.#state = "idle";
      throw queueFull(queue);
    }
    if (this.isHeld) return;
    this.#lanes.join(this);
    this.#lanes.serve(this.run.lane);
  }

  ask(granted: () => void): void {
    this.#granted = granted;
    if (this.#state !== "idle") return;
    this.#state = "waiting";
    this.#lanes.join(this);
    void this.look();
  }

  giveBack(): void {
    if (this.#state === "idle") return;
    this.#state = "idle";
    this.#lanes.leave(this);
    const { shared, owner, log } = this.#lanes.ports;
    const { lane, runId } = this.run;
    this.#next(() => shared.turns.giveBack(owner, lane, runId)).then(
      () => {
        shared.say({ kind: "turn", id: lane });
        this.#lanes.serve(lane);
      },
      // It is found to be nobody's once the run has ended.
      (error: unknown) => log.error({ err: error, workflowRunId: runId }, "a turn could not be given back"),
    );
  }

  /** The run is there: whoever drives it holds this place in the line, or the turn, from now on. */
  leaveToOthers(): void {
    this.#state = "idle";
    this.#lanes.leave(this);
  }

  /** False: it still waits. */
  async look(): Promise<boolean> {
    try {
      await this.#ask(null);
    } catch (error) {
      this.#lanes.ports.log.error({ err: error, workflowRunId: this.run.runId }, "a turn could not be asked for; it is tried again");
    }
    return this.#state !== "waiting";
  }

  /** False: as many wait as may. */
  async #ask(queue: number | null): Promise<boolean> {
    const { shared, owner } = this.#lanes.ports;
    const state = await this.#next(async () => (this.#state === "waiting" ? shared.turns.ask(owner, { ...this.run, queue }) : null));
    if (!state || this.#state !== "waiting") return false;
    this.#position = state.position;
    if (!state.isHeld) return true;
    this.#state = "held";
    this.#lanes.leave(this);
    this.#granted();
    return true;
  }

  #next<T>(action: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(action);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
