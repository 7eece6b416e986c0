import { hash } from "node:crypto";
import { type ExecuteCommand, nodeConcurrencyKey, type RunCaller, type RunState } from "@millrace/engine";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { NodeLimits, NodeTurn } from "#runtime/attempts/node-lanes";
import type { AskedNodeTurn, NodeTurnOf, RunPlace, SharedStore, TurnAttempt } from "#store/shared-store";
import type { RunStore } from "#store/store";

/** Between two looks at the lanes in which attempts wait here, in ms: who gives a turn back says so, unless that is lost, or it died. */
const LOOK_MS = 1_000;

export interface SharedNodeLanesPorts {
  readonly shared: Pick<SharedStore, "nodeTurns" | "say" | "hear">;
  readonly runs: Pick<RunStore, "journal">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
}

/** The attempts of one lane that wait here, by their names. */
interface Line {
  limit: number;
  readonly waiting: Map<string, SharedNodeTurn>;
  /** Those of them that the store does not know. */
  readonly unknown: Set<SharedNodeTurn>;
  /** The store is being asked who is next; `again`: it is to be asked once more. */
  isServed: boolean;
  again: boolean;
}

/** As NodeLanes, over all processes that share a store. */
export class SharedNodeLanes implements NodeLimits {
  readonly #ports: SharedNodeLanesPorts;
  readonly #lines = new Map<string, Line>();
  readonly #deafen: () => void;
  #stopTimer: (() => void) | null = null;
  #stopped = false;
  #turns = 0;

  constructor(ports: SharedNodeLanesPorts) {
    this.#ports = ports;
    this.#deafen = ports.shared.hear(({ kind, id }) => kind === "turn" && this.#serve(id));
  }

  /** Asks for nothing any more; what is held is still given back. */
  stop(): void {
    this.#stopped = true;
    this.#deafen();
    this.#stopTimer?.();
  }

  turn(tenantId: string, state: RunState, { path, attempt, node }: ExecuteCommand): NodeTurn | null {
    const key = nodeConcurrencyKey(state, path);
    if (key === null || !node.concurrency) return null;
    const { runId, caller } = state.run;
    const lane = hash("sha256", `node ${tenantId} ${key}`);
    this.#turns += 1;
    const asked = { lane, tenantId, runId, path, attempt, limit: node.concurrency.limit, turn: this.#turns };
    return new SharedNodeTurn(this, asked, caller);
  }

  async join(turn: SharedNodeTurn): Promise<void> {
    const { lane, limit } = turn.asked;
    const line = this.#lines.get(lane) ?? { limit, waiting: new Map(), unknown: new Set(), isServed: false, again: false };
    this.#lines.set(lane, line);
    // A newer version may say another limit: it holds for all.
    line.limit = limit;
    line.waiting.set(nameOf(turn.asked), turn);
    this.#lookLater();
    await this.#ask(line, turn);
  }

  async #ask(line: Line, turn: SharedNodeTurn): Promise<void> {
    const { shared, owner, log } = this.#ports;
    line.unknown.delete(turn);
    try {
      const asked = { ...turn.asked, callers: await this.#callersOf(turn) };
      this.#grant(line, await shared.nodeTurns.ask(owner, asked));
    } catch (error) {
      log.error({ err: error, workflowRunId: turn.asked.runId }, "a turn of a node could not be asked for; it is tried again");
      line.unknown.add(turn);
    }
  }

  /** The attempts that wait for this one, nearest first: one that had to wait for them would wait for ever. */
  async #callersOf({ asked, caller }: SharedNodeTurn): Promise<readonly RunPlace[]> {
    const callers: RunPlace[] = [];
    for (let next = caller; next; ) {
      callers.push({ runId: next.runId, path: next.path });
      if (next.depth <= 1) break;
      const [accepted] = await this.#ports.runs.journal(asked.tenantId, next.runId);
      next = accepted?.type === "run-accepted" ? accepted.caller : undefined;
    }
    return callers;
  }

  #grant({ waiting }: Line, granted: readonly TurnAttempt[]): void {
    for (const attempt of granted) {
      const name = nameOf(attempt);
      const turn = waiting.get(name);
      waiting.delete(name);
      // One that has left gives it back once it has heard from the store.
      turn?.granted();
    }
  }

  /** The attempt is over, or nobody wants it any more; `asking`: what it has asked of the store. */
  quit(turn: SharedNodeTurn, asking: Promise<void>): void {
    const { lane } = turn.asked;
    const line = this.#lines.get(lane);
    line?.waiting.delete(nameOf(turn.asked));
    line?.unknown.delete(turn);
    void asking.then(() => this.#giveBack(turn.asked));
  }

  async #giveBack(turn: NodeTurnOf): Promise<void> {
    const { shared, owner, clock, log } = this.#ports;
    const { lane, runId } = turn;
    try {
      await shared.nodeTurns.giveBack(owner, turn);
      shared.say({ kind: "turn", id: lane });
      this.#serve(lane);
    } catch (error) {
      // What a process leaves behind at its end is free soon after it.
      if (this.#stopped) return;
      log.error({ err: error, workflowRunId: runId }, "a turn of a node could not be given back; it is tried again");
      clock.at(clock.now() + LOOK_MS, () => void this.#giveBack(turn));
    }
  }

  #serve(lane: string): void {
    const line = this.#lines.get(lane);
    if (!line) return;
    if (line.waiting.size === 0) this.#lines.delete(lane);
    else if (line.isServed) line.again = true;
    else void this.#serveAll(lane, line);
  }

  async #serveAll(lane: string, line: Line): Promise<void> {
    const { shared, owner, log } = this.#ports;
    line.isServed = true;
    do {
      line.again = false;
      for (const turn of [...line.unknown]) await this.#ask(line, turn);
      try {
        this.#grant(line, await shared.nodeTurns.serve(owner, lane, line.limit));
      } catch (error) {
        log.error({ err: error }, "turns of a node could not be looked for; it is tried again");
      }
    } while (line.again);
    line.isServed = false;
  }

  #lookLater(): void {
    const { clock } = this.#ports;
    this.#stopTimer ??= clock.at(clock.now() + LOOK_MS, () => {
      this.#stopTimer = null;
      for (const lane of [...this.#lines.keys()]) this.#serve(lane);
      if (this.#lines.size > 0) this.#lookLater();
    });
  }
}

class SharedNodeTurn implements NodeTurn {
  readonly asked: Omit<AskedNodeTurn, "callers">;
  /** Of its run. */
  readonly caller: RunCaller | undefined;
  readonly #lanes: SharedNodeLanes;
  #state: "idle" | "waiting" | "held" | "left" = "idle";
  #begin: () => void = () => undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(lanes: SharedNodeLanes, asked: Omit<AskedNodeTurn, "callers">, caller: RunCaller | undefined) {
    this.#lanes = lanes;
    this.asked = asked;
    this.caller = caller;
  }

  take(begin: () => void): void {
    this.#state = "waiting";
    this.#begin = begin;
    this.#asking = this.#lanes.join(this);
  }

  granted(): void {
    this.#state = "held";
    this.#begin();
  }

  leave(): void {
    const before = this.#state;
    this.#state = "left";
    if (before === "waiting" || before === "held") this.#lanes.quit(this, this.#asking);
  }
}

function nameOf({ runId, path, attempt }: TurnAttempt): string {
  return `${runId} ${path}#${attempt}`;
}
