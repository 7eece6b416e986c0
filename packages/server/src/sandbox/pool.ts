import { TerminalError } from "@millrace/engine";
import { Alarm } from "#sandbox/alarm";
import { processDied } from "#sandbox/answer";
import { Fifo } from "#sandbox/fifo";
import type { Job } from "#sandbox/job";
import { MAX_ATTEMPTS, MAX_FAILED_STARTS, START_TIMEOUT_MS } from "#sandbox/limits";
import type { ProcessOwner, SandboxProcess } from "#sandbox/sandbox-process";

/** How often the clocks of young calls are looked at, and the least between two looks: a part of the grace, so that a kill is never much late. */
const WATCH_MS = 20;

/** The most between two looks at calls that go on and on: each is a delay for whoever calls the server at that time. */
const LONGEST_WATCH_MS = 1_000;

/** When the server itself was stuck for longer than this, answers may be waiting unread: no call is judged in that round. */
const STUCK_MS = 100;

/** After too many failed starts no other is tried for so long, in ms, except for a call that no process can take. */
const REST_MS = 1_000;

const REFUSAL = "no sandbox can be started on this server, and code never runs outside of one; the server's log says why";

/** Slow calls may hold as many processes again as the pool has; then all wait. */
const MAX_FACTOR = 2;

export type StartProcess = (owner: ProcessOwner) => SandboxProcess;

/**
 * Gives calls to processes. Starts a process only when a call finds none free, up to `size`; a process whose call is slow does not count,
 * so that a call without end delays nobody. Calls have no effect outside, so a call may be given to a second process when the first is
 * stuck, and the first answer counts.
 */
export class Pool implements ProcessOwner {
  private readonly size: number;
  private readonly startProcess: StartProcess;
  private readonly onWarning: (message: string) => void;
  private readonly queue = new Fifo<Job>();
  private readonly processes = new Set<SandboxProcess>();
  private isPumpPlanned = false;
  private isClosed = false;
  private failedStarts = 0;
  private restsUntil = 0;
  /** Processes that are kept ready from now on: as many as were ready at once, so that a replacement starts before it is needed. */
  private kept = 0;
  private readonly alarm = new Alarm((lateMs) => this.watch(lateMs));
  private readonly onCancelled = () => this.lookAtOnce();

  constructor(size: number, startProcess: StartProcess, onWarning: (message: string) => void) {
    this.size = size;
    this.startProcess = startProcess;
    this.onWarning = onWarning;
  }

  /** Process ids of the processes that run now. */
  pids(): number[] {
    return [...this.processes].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  add(job: Job): void {
    if (this.isClosed) {
      job.fail(closedError());
      return;
    }
    job.onCancelled = this.onCancelled;
    this.queue.push(job);
    if (this.isPumpPlanned) return;
    this.isPumpPlanned = true;
    // All calls of one turn go out in one write.
    process.nextTick(() => this.pump());
  }

  /** Refuses everything that has no answer yet; resolves when no process is left. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stopWatching();
    const processes = [...this.processes];
    for (const job of [...this.queue.drain(), ...processes.flatMap((each) => each.unanswered())]) job.fail(closedError());
    for (const each of processes) each.discard();
    await Promise.all(processes.map(({ gone }) => gone));
  }

  onProgress(): void {
    this.failedStarts = 0;
    this.kept = Math.max(this.kept, [...this.processes].filter((each) => each.wasReady && each.isAvailable).length);
    this.pump();
  }

  onEnd(ended: SandboxProcess, waiting: Job[], running: Job | undefined): void {
    this.processes.delete(ended);
    if (this.isClosed) return;
    this.queue.unshift([...this.afterDeath(running), ...waiting]);
    if (!ended.wasReady) this.startFailed(ended.complaint);
    this.pump();
  }

  private afterDeath(job: Job | undefined): Job[] {
    if (job === undefined || job.isSettled) return [];
    job.deaths++;
    this.onWarning("a sandbox process ended by itself while it ran a call");
    if (job.deaths < MAX_ATTEMPTS) return [job];
    job.fail(processDied());
    return [];
  }

  /** The reason is for the operator: it may name files of the machine. */
  private startFailed(complaint: string): void {
    this.failedStarts++;
    if (this.failedStarts < MAX_FAILED_STARTS) return;
    this.failedStarts = 0;
    this.restsUntil = performance.now() + REST_MS;
    this.onWarning(`no sandbox process can be started: ${complaint.trim()}`);
    if ([...this.processes].some(({ wasReady }) => wasReady)) return;
    for (const job of this.queue.drain()) job.fail(new TerminalError("unsupported", REFUSAL));
  }

  private pump(): void {
    this.isPumpPlanned = false;
    if (this.isClosed) return;
    this.retireWorn();
    this.distribute();
    for (const each of this.processes) each.flush();
    this.grow();
    this.watchWhileBusy();
  }

  private distribute(): void {
    while (this.queue.length > 0) {
      const next = this.queue.shift();
      if (next === undefined || next.isSettled) continue;
      const target = this.place(next);
      if (target !== undefined) {
        target.send(next);
        continue;
      }
      this.queue.unshift([next]);
      return;
    }
  }

  /** The process with the fewest calls; among idle ones rather one that has the program loaded. */
  private place(job: Job): SandboxProcess | undefined {
    let best: SandboxProcess | undefined;
    for (const each of this.processes) {
      if (!each.canTake()) continue;
      if (best === undefined || each.load < best.load) best = each;
      else if (each.load === best.load && !best.knows(job.request.program) && each.knows(job.request.program)) best = each;
    }
    return best;
  }

  private grow(): void {
    const places = [...this.processes].filter((each) => each.isAvailable);
    const starting = places.find(({ state }) => state === "starting");
    const work = places.reduce((sum, each) => sum + each.load, this.queue.length);
    if (starting !== undefined) {
      if (work >= places.length) starting.hurry();
      return;
    }
    if (places.length >= this.size || this.processes.size >= this.size * MAX_FACTOR) return;
    const isUrgent = places.length === 0 && this.queue.length > 0;
    if (!isUrgent && performance.now() < this.restsUntil) return;
    const isNeeded = work > places.length;
    if (isNeeded || places.length < Math.min(this.kept, this.size)) this.start(isNeeded);
  }

  /** One that is not needed yet is a replacement for one that has become slow. */
  private start(isNeeded: boolean): void {
    try {
      const started = this.startProcess(this);
      if (!isNeeded) started.giveWay();
      started.hold(this.alarm.isSet);
      this.processes.add(started);
    } catch (error) {
      this.startFailed(error instanceof Error ? error.message : String(error));
      // Another try, until they are enough to give up.
      if (this.failedStarts > 0) this.grow();
    }
  }

  /** Ends idle processes that have run their share, and those that only long calls had made necessary, the newest first. */
  private retireWorn(): void {
    let places = [...this.processes].filter((each) => each.isAvailable).length;
    for (const each of [...this.processes].reverse()) {
      if (each.load > 0 || each.state !== "ready") continue;
      const isExtra = each.isAvailable && places > this.size;
      if (isExtra) places--;
      if (isExtra || each.isWorn) each.discard();
    }
  }

  private isBusy(): boolean {
    if (this.queue.length > 0) return true;
    for (const { load } of this.processes) if (load > 0) return true;
    return false;
  }

  /** The clock runs on for one look after the last answer: calls that follow each other need not start it anew. */
  private watchWhileBusy(): void {
    if (this.alarm.ms <= WATCH_MS) return;
    if (!this.alarm.isSet) {
      if (!this.isBusy()) return;
      for (const each of this.processes) each.hold(true);
    }
    this.alarm.within(this.untilNews());
  }

  /** In how many ms a look at the clock may have something to see. */
  private untilNews(): number {
    if (this.queue.length > 0 || !this.isBusy()) return WATCH_MS;
    const now = performance.now();
    let least = LONGEST_WATCH_MS;
    for (const each of this.processes) least = Math.min(least, each.untilNews(now));
    return Math.max(least, WATCH_MS);
  }

  private lookAtOnce(): void {
    if (this.alarm.isSet) this.alarm.within(0);
  }

  private stopWatching(): void {
    this.alarm.stop();
    for (const each of this.processes) each.hold(false);
  }

  private watch(lateMs: number): void {
    if (lateMs > STUCK_MS) {
      this.alarm.within(WATCH_MS);
      return;
    }
    const now = performance.now();
    const moved = [...this.processes].flatMap((each) => each.watch(now));
    for (const each of this.processes) if (each.state === "starting" && now - each.startedAt > START_TIMEOUT_MS) each.discard();
    this.queue.unshift(moved);
    this.pump();
    if (!this.isBusy()) this.stopWatching();
  }
}

function closedError(): TerminalError {
  return new TerminalError("internal", "the sandbox is closed");
}
