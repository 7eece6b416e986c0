import type { Json } from "@millrace/contract";
import type { Answer } from "@millrace/engine";
import { type AuditRow, carryOutEntrusted, entrust } from "#deed";
import { ASLEEP_NOW, type ControlDesk } from "#runtime/embedded/control-desk";
import type { Driver } from "#runtime/embedded/driver";
import { type Answered, type Signal, SignalsFull } from "#runtime/runtime";
import { Fenced, StoreBusy } from "#store/errors";

/** What is asked of a run from outside; also as other processes are told of it, with the row of the audit log that it is to have. */
type Asked = { readonly row?: AuditRow } & (
  | { readonly do: "cancel"; readonly reason?: string }
  | { readonly do: "signal"; readonly signal: Signal }
  | { readonly do: "answer"; readonly seq: number; readonly answer: Answer }
);

/** Of a signal: the run keeps too many. */
const FULL = "full";

export interface ControlsPorts {
  /** The driver of the run, which is woken where it sleeps; null: it is not driven here. */
  awake(tenantId: string, runId: string): Promise<Driver | null>;
  /** Resolves with what becomes of the run, once it is no longer driven here, or cannot be written. */
  leaves(runId: string): { readonly news: Promise<"ended" | "asleep" | "released" | "stuck">; stop(): void };
  /** null: no other process drives runs. */
  readonly desk: ControlDesk | null;
}

/** What is asked of runs while they go on, wherever they are driven. */
export class Controls {
  readonly #ports: ControlsPorts;

  constructor(ports: ControlsPorts) {
    this.#ports = ports;
  }

  async cancel(tenantId: string, runId: string, reason: string | undefined): Promise<boolean> {
    return (await this.#do(tenantId, runId, { do: "cancel", ...(reason !== undefined && { reason }) })) === true;
  }

  async signal(tenantId: string, runId: string, signal: Signal): Promise<boolean> {
    const outcome = await this.#do(tenantId, runId, { do: "signal", signal });
    if (outcome === FULL) throw new SignalsFull();
    return outcome === true;
  }

  async answer(tenantId: string, runId: string, seq: number, answer: Answer): Promise<Answered> {
    return ((await this.#do(tenantId, runId, { do: "answer", seq, answer })) as Answered | null) ?? "closed";
  }

  /**
   * What another process asked with this id; null: the run is not driven here, now. It may have been done before, by a process that died
   * before it could say so: a signal is told from another one by its id, and neither an answer nor a cancellation is taken twice.
   */
  carryOut(tenantId: string, runId: string, id: string, body: Json): Promise<Json | null> {
    const asked = body as unknown as Asked;
    const known: Asked = asked.do === "signal" ? { ...asked, signal: { id, ...asked.signal } } : asked;
    return carryOutEntrusted(asked.row, () => this.#doHere(tenantId, runId, known));
  }

  /** null: the run has ended, or nobody drives it. */
  async #do(tenantId: string, runId: string, asked: Asked): Promise<Json | null> {
    const { desk } = this.#ports;
    for (;;) {
      const here = await this.#doHere(tenantId, runId, asked);
      if (here !== null || desk === null) return here;
      const there = await entrust(
        (row) => desk.ask(tenantId, runId, (row ? { ...asked, row } : asked) as unknown as Json),
        (outcome) => outcome === true || outcome === "taken",
      );
      if (there !== ASLEEP_NOW) return there;
    }
  }

  async #doHere(tenantId: string, runId: string, asked: Asked): Promise<Json | null> {
    for (;;) {
      const driver = await this.#ports.awake(tenantId, runId);
      if (!driver) return null;
      try {
        if (asked.do === "signal") return await driver.signal(asked.signal);
        if (asked.do === "answer") return await driver.answer(asked.seq, asked.answer);
        const cancelled = await this.#cancelled(runId, driver, asked.reason);
        if (cancelled !== null) return cancelled;
      } catch (error) {
        if (error instanceof SignalsFull) return FULL;
        // It fell asleep before what it was told could be recorded: it is woken for it.
        if (!(error instanceof Fenced)) throw error;
      }
    }
  }

  /** null: it fell asleep before the cancellation could be recorded, and is woken for it. */
  async #cancelled(runId: string, driver: Driver, reason: string | undefined): Promise<boolean | null> {
    const leaves = this.#ports.leaves(runId);
    const cancelled = driver.cancel(reason);
    const news = await leaves.news;
    leaves.stop();
    if (news === "stuck") throw new StoreBusy("the store takes no writes at the moment: the run ends as cancelled once it does");
    return news === "asleep" ? null : news === "ended" && cancelled;
  }
}
