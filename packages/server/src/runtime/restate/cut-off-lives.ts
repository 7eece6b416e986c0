import type { Clock } from "#clock";
import type { Logger } from "#log";
import { ASIDE_FROM, GIVE_UP_AT, PATIENCE_MS, STAGES, type Stage } from "#runtime/attempts/lost-attempts";
import { SuspectLine } from "#runtime/restate/suspect-line";
import { Fenced } from "#store/errors";
import type { CutOffLife, HostedLife, HostedLifeStore } from "#store/shared-store";

// Runs that may be what workers die of. The engine begins the next life of a run wherever a worker is, for ever. Invariants:
// D1. A death counts against a run only where its process is known to be gone, had not let its runs go, carried out an attempt that an earlier
//     life had left under way, and nothing of the run was recorded since. What a first life left counts nobody: who had it is not kept, so that
//     a run that nothing cuts off costs nothing more.
// D2. From the second such death on, the next life waits until it is known what became of the processes before it, until its own has lived for
//     a while, and for its turn among the suspects there: while it waits, and once it is over, it carries out nothing, and no death counts
//     against it. Its turn lasts until the engine has recorded what came of it: what only the process knows, dies with the process.
// D3. At the fifth it carries out nothing any more, and the run ends FAILED with crash_loop.

/** Between two looks at the processes that had the run before. */
const LOOK_EVERY_MS = 1_000;

export interface CutOffLivesPorts {
  readonly lives: HostedLifeStore;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "warn" | "error">;
}

/** Lives of runs in this process that go on with what others have left under way. */
export class CutOffLives {
  readonly #ports: CutOffLivesPorts;
  readonly #startedAt: number;
  readonly #line = new SuspectLine();

  constructor(ports: CutOffLivesPorts) {
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
  }

  next(claim: Claim): NextLife {
    return new NextLife(this.#ports, { claim, line: this.#line, startedAt: this.#startedAt });
  }
}

type Claim = Omit<HostedLife, "progress">;

interface NextLifeParts {
  readonly claim: Claim;
  readonly line: SuspectLine;
  readonly startedAt: number;
}

/** One life of a run, which others may have come before. */
export class NextLife {
  readonly #ports: CutOffLivesPorts;
  readonly #parts: NextLifeParts;
  #begun: Promise<number> | null = null;
  #isOver = false;
  /** A death of the process would count against it. */
  #suspect: HostedLife | null = null;
  #leave: () => void = () => undefined;
  #interrupt: () => void = () => undefined;

  constructor(ports: CutOffLivesPorts, parts: NextLifeParts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  /**
   * Resolves with 0 when what an earlier life left under way may be carried out again, or with the deaths for which the run is given up.
   * Rejects with `Fenced` where this life is over by then.
   */
  begin(progress: number): Promise<number> {
    this.#begun ??= this.#begin({ ...this.#parts.claim, progress });
    return this.#begun;
  }

  /** The engine has recorded that something came of what was under way. */
  passed(): void {
    this.#suspect = null;
    this.#leave();
  }

  stop(): void {
    this.#isOver = true;
    this.#interrupt();
    if (this.#suspect) this.#countNoMore(this.#suspect);
    this.#leave();
  }

  /** Written before the next one in the line is said to carry out anything: the store writes in the order in which it is asked. */
  #countNoMore(life: HostedLife): void {
    const { lives, owner, log } = this.#ports;
    lives.holdBack(owner, life).catch((error: unknown) => {
      log.warn({ err: error, workflowRunId: life.runId }, "a death of this process would count against a run that it has let go");
    });
  }

  async #begin(life: HostedLife): Promise<number> {
    const { lives, owner, log } = this.#ports;
    const deaths = await this.#deaths(life);
    const facts = { workflowRunId: life.runId, deaths };
    if (deaths >= GIVE_UP_AT) {
      log.error(facts, "workers died again and again while they ran this run; the run is ended");
      return deaths;
    }
    const stage = STAGES.find((one) => one.deaths === deaths);
    if (stage) {
      log.warn(facts, "workers may have died of this run; it goes on with few others beside it");
      await this.#turn(stage);
    }
    if (this.#isOver) throw new Fenced(life.runId);
    if (stage) this.#suspect = life;
    await lives.begin(owner, life);
    return 0;
  }

  /** One that may be none sets nothing aside: nobody waits for the truth about it. */
  async #deaths(life: HostedLife): Promise<number> {
    const { lives, owner, clock } = this.#ports;
    const before = await lives.cutOff(owner, life);
    if (before.length < ASIDE_FROM) return 0;
    await lives.holdBack(owner, life);
    let cutOff = before;
    while (deathsIn(cutOff) < GIVE_UP_AT && isOpen(before, cutOff)) {
      await this.#interrupted((resolve) => clock.at(clock.now() + LOOK_EVERY_MS, resolve));
      cutOff = await lives.cutOff(owner, life);
    }
    return deathsIn(cutOff);
  }

  async #turn(stage: Stage): Promise<void> {
    const { clock } = this.#ports;
    const { claim, line, startedAt } = this.#parts;
    await this.#interrupted((resolve) => clock.at(startedAt + stage.afterMs, resolve));
    await this.#interrupted((resolve) => {
      const suspected = { runId: claim.runId, stage, begin: resolve };
      this.#leave = () => line.leave(suspected);
      line.enter(suspected);
      return this.#leave;
    });
    const stopTimer = clock.at(clock.now() + PATIENCE_MS, this.#leave);
    const leave = this.#leave;
    this.#leave = () => {
      stopTimer();
      leave();
    };
  }

  /** Waits for something, unless this life is over before. `wait` returns the way to stop. */
  #interrupted(wait: (resolve: () => void) => () => void): Promise<void> {
    const { runId } = this.#parts.claim;
    return new Promise((resolve, reject) => {
      const stop = wait(resolve);
      this.#interrupt = () => {
        stop();
        reject(new Fenced(runId));
      };
      if (this.#isOver) this.#interrupt();
    });
  }
}

function deathsIn(cutOff: readonly CutOffLife[]): number {
  return cutOff.filter(({ beat }) => beat === null).length;
}

/** Of one at least it is not known yet whether it lives: it is still there, and has not stirred since. */
function isOpen(before: readonly CutOffLife[], now: readonly CutOffLife[]): boolean {
  const beats = new Map(before.map(({ owner, beat }) => [owner, beat]));
  return now.some(({ owner, beat }) => beat !== null && beat === beats.get(owner));
}
