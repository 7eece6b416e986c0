import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { AnswerReader } from "#sandbox/answer-reader";
import { Fifo } from "#sandbox/fifo";
import type { Job } from "#sandbox/job";
import {
  CALLS_PER_PROCESS,
  KILL_GRACE_MS,
  LONG_CALL_MS,
  MAX_BYTES_AHEAD,
  MAX_CALLS_AHEAD,
  PROGRAMS_PER_PROCESS,
  SLOW_CALL_MS,
  START_TIMEOUT_MS,
} from "#sandbox/limits";
import { Lru } from "#sandbox/lru";
import { Priority } from "#sandbox/priority";
import type { SandboxProgram } from "#sandbox/program/program-cache";
import { CHANNEL, STATUS } from "#sandbox/protocol";
import { RequestBatch } from "#sandbox/request-batch";

export interface ProcessOwner {
  /** The process has started, or has answered calls; their jobs know already. */
  onProgress(): void;
  /** The process is gone. `waiting` had not started; `running` had, and is undefined when the process was ended on purpose. */
  onEnd(process: SandboxProcess, waiting: Job[], running: Job | undefined): void;
}

interface Sent {
  readonly job: Job;
  /** It was given to another process as well, because this one was stuck before it. */
  moved: boolean;
}

/** Characters of what a process says that are kept for the error of a failed start. */
const MAX_COMPLAINT_CHARS = 2_000;

/**
 * One sandbox process as the server sees it. Calls are answered in the order in which they were sent, so the first one that is not answered
 * is the one that runs, and its time starts when the answer before it arrives.
 */
export class SandboxProcess {
  state: "starting" | "ready" | "ended" = "starting";
  /** What it said on its error stream. */
  complaint = "";
  wasReady = false;
  /** Settles when the operating system has taken the process away. */
  readonly gone: Promise<void>;
  readonly startedAt = performance.now();
  private readonly child: ChildProcess;
  private readonly channel: Socket;
  private readonly owner: ProcessOwner;
  private readonly sent = new Fifo<Sent>();
  private readonly slots = new Lru<SandboxProgram, number>(PROGRAMS_PER_PROCESS);
  private readonly batch = new RequestBatch();
  private readonly reader = new AnswerReader((status, isHealthy, body) => this.onAnswer(status, isHealthy, body));
  private readonly maxCalls: number;
  private readonly priority: Priority;
  private running: Sent | undefined;
  private runningSince = 0;
  private bytesAhead = 0;
  private calls = 0;
  private isSlow = false;
  private isLong = false;
  /** It stays behind the others, although the call for which it fell back is over. */
  private isLeftBehind = false;

  constructor(child: ChildProcess, owner: ProcessOwner, maxCalls = CALLS_PER_PROCESS) {
    this.child = child;
    this.owner = owner;
    this.maxCalls = maxCalls;
    this.priority = new Priority(child.pid);
    const channel = child.stdio[CHANNEL];
    this.channel = channel instanceof Socket ? channel : new Socket();
    this.gone = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    this.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Calls that are not answered yet. */
  get load(): number {
    return this.sent.length + (this.running === undefined ? 0 : 1);
  }

  /** It has run its share of calls, or would be slow for others; it takes no more and ends when it is idle. */
  get isWorn(): boolean {
    return this.calls >= this.maxCalls || this.isLeftBehind;
  }

  /** It counts as a place where new calls can go, now or as soon as it has started. */
  get isAvailable(): boolean {
    return this.state !== "ended" && !this.isLong && !this.isWorn;
  }

  canTake(): boolean {
    return this.state === "ready" && this.isAvailable && !this.isSlow && this.load < MAX_CALLS_AHEAD && this.bytesAhead < MAX_BYTES_AHEAD;
  }

  knows(program: SandboxProgram): boolean {
    return this.slots.has(program);
  }

  /** Nobody needs it yet: it starts behind everything that computes. */
  giveWay(): void {
    this.priority.giveWay();
  }

  /** Somebody waits for its start. */
  hurry(): void {
    this.priority.renew();
  }

  /** Adds a call to the next write. */
  send(job: Job): void {
    const { program } = job.request;
    const slot = this.slots.get(program) ?? this.loadProgram(program);
    this.batch.call(slot, job.request);
    this.bytesAhead += job.request.inputBytes;
    this.calls++;
    this.sent.push({ job, moved: false });
    if (this.running === undefined) this.startNext();
  }

  flush(): void {
    const bytes = this.batch.take();
    if (bytes !== undefined) this.channel.write(bytes);
  }

  /** Whether its pipe keeps the server's process alive. */
  hold(isHeld: boolean): void {
    if (isHeld) this.channel.ref();
    else this.channel.unref();
  }

  /**
   * Looks at the clock. Kills the process when its call is over its time by more than the grace, or was cancelled and goes on.
   * Answers the calls that wait behind a slow one, once, so that they can go elsewhere.
   */
  watch(now: number): Job[] {
    if (this.running === undefined) return [];
    const elapsed = now - this.runningSince;
    this.isSlow = elapsed > SLOW_CALL_MS;
    this.isLong = elapsed > LONG_CALL_MS;
    if (this.isSlow) this.priority.age();
    const { job } = this.running;
    if (elapsed > job.request.timeoutMs + KILL_GRACE_MS) this.kill();
    else if (job.isSettled && elapsed > SLOW_CALL_MS) this.kill();
    return this.isSlow ? this.takeWaiting() : [];
  }

  /**
   * In how many ms `watch` may have something to do that it had not before. A cancel can come at any time, and whoever cancels looks at once.
   */
  untilNews(now: number): number {
    if (this.state === "starting") return this.startedAt + START_TIMEOUT_MS - now;
    if (this.running === undefined) return Number.POSITIVE_INFINITY;
    if (!this.isLong) return 0;
    const untilKill = this.runningSince + this.running.job.request.timeoutMs + KILL_GRACE_MS - now;
    return Math.min(untilKill, this.priority.untilOlder());
  }

  /** Ends the process; its running call has used up its time, the others go elsewhere. */
  kill(): void {
    this.running?.job.timeOut();
    this.discard();
  }

  /** Ends the process without a verdict on the call that runs, if any. */
  discard(): void {
    this.child.kill("SIGKILL");
    // Whoever waits for its end must see it.
    this.child.ref();
    this.end(undefined);
  }

  /** Its calls that have no answer yet. */
  unanswered(): Job[] {
    const running = this.running === undefined ? [] : [this.running];
    return [...running, ...this.sent.toArray()].map(({ job }) => job);
  }

  private loadProgram(program: SandboxProgram): number {
    const free = this.slots.size;
    const slot = this.slots.set(program, free) ?? free;
    if (slot !== free) this.slots.set(program, slot);
    this.batch.load(slot, program);
    return slot;
  }

  private takeWaiting(): Job[] {
    const waiting = this.sent.toArray().filter(({ job, moved }) => !moved && !job.isSettled);
    for (const sent of waiting) sent.moved = true;
    return waiting.map(({ job }) => job);
  }

  private startNext(): void {
    this.running = this.sent.shift();
    this.runningSince = performance.now();
  }

  private onAnswer(status: number, isHealthy: boolean, body: string): void {
    if (status === STATUS.ready) {
      this.state = "ready";
      this.wasReady = true;
      this.priority.renew();
      return;
    }
    const answered = this.running;
    this.running = undefined;
    if (answered === undefined) {
      // It speaks without being asked: whatever it is now, it is no sandbox.
      this.discard();
      return;
    }
    this.bytesAhead -= answered.job.request.inputBytes;
    this.isSlow = false;
    this.isLong = false;
    this.isLeftBehind = !this.priority.renew();
    if (isHealthy) this.startNext();
    answered.job.answer(status, body);
    if (!isHealthy) this.discard();
  }

  private listen(): void {
    this.child.unref();
    this.child.on("error", (error) => this.failStart(error));
    this.child.on("close", () => this.end(this.running?.job));
    this.channel.on("data", (chunk) => this.onData(chunk));
    // A broken pipe is reported by the end of the process.
    this.channel.on("error", () => {});
    const { stderr } = this.child;
    if (stderr instanceof Socket) stderr.unref();
    stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.complaint = (this.complaint + text).slice(0, MAX_COMPLAINT_CHARS);
    });
  }

  private onData(chunk: Buffer): void {
    if (this.state === "ended") return;
    this.reader.push(chunk);
    this.owner.onProgress();
  }

  private failStart(error: Error): void {
    this.complaint = error.message;
    this.end(this.running?.job);
  }

  private end(running: Job | undefined): void {
    if (this.state === "ended") return;
    const waiting = this.sent.drain().filter(({ job, moved }) => !moved && !job.isSettled);
    this.state = "ended";
    this.running = undefined;
    this.channel.destroy();
    this.owner.onEnd(
      this,
      waiting.map(({ job }) => job),
      running,
    );
  }
}
