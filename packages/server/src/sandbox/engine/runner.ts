import { BUILD } from "#sandbox/engine/build";
import { Engine, GuestException, OutOfGuestMemory } from "#sandbox/engine/engine";
import { type Guest, loadGuest, PROGRAM_FILE, reseed } from "#sandbox/engine/guest";
import { ImageCache } from "#sandbox/engine/image-cache";
import { isNestedDeeper } from "#sandbox/engine/json-depth";
import type { MemoryImage } from "#sandbox/engine/memory";
import {
  DEFAULT_MEMORY_BYTES,
  KEPT_MEMORY_BYTES,
  MAX_RESULT_BYTES,
  MAX_RESULT_DEPTH,
  SMALL_STACK_BYTES,
  STACK_BYTES,
} from "#sandbox/limits";
import { STATUS } from "#sandbox/protocol";

/** Jobs that run between two looks at the result; a chain of jobs without end is left as soon as the result is there. */
const JOBS_AT_ONCE = 64;

/** Memory on top of the limit for the description of the error that hit it, in bytes. */
const DESCRIPTION_BYTES = 2 * 1024 * 1024;

/** What goes wrong when the heap has come this near to its limit is put down to it: the engine may have no memory left to say so. */
const NEARLY_FULL = 0.8;

const LINE_FEED = 0x0a;

export interface RunnerCall {
  readonly slot: number;
  /** JSON in UTF-8. */
  readonly inputs: Uint8Array;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export interface Answer {
  readonly status: number;
  /** False after a limit, a fault of the engine or growth past the bound: no other call may run here. */
  readonly isHealthy: boolean;
  /** Valid until the next use of the runner. */
  readonly body: Uint8Array;
}

/** Statuses after which the memory can simply be copied back. */
const HARMLESS: ReadonlySet<number> = new Set([STATUS.result, STATUS.error, STATUS.deep]);

/** Runs programs one after another, each from the snapshot that was taken before its first call. */
export class Runner {
  private readonly programs = new Map<number, Uint8Array>();
  private readonly images = new ImageCache();
  /** Slots whose program needed more than the small stack. */
  private readonly deep = new Set<number>();
  private readonly engine: Engine;
  private readonly clock: Deadline;
  private readonly guest: Guest;
  private readonly base: MemoryImage;
  /** The program that the memory holds, untouched by any call. */
  private loaded: { readonly slot: number; readonly image: MemoryImage } | undefined;
  /** The largest stack that the engine was allowed since the memory was restored. */
  private stackBytes = STACK_BYTES;

  private constructor(engine: Engine, clock: Deadline) {
    this.engine = engine;
    this.clock = clock;
    this.guest = loadGuest(engine);
    this.base = engine.memory.take();
  }

  static async start(engineFile: Uint8Array): Promise<Runner> {
    const clock = new Deadline();
    return new Runner(await Engine.start(engineFile, () => clock.isOver()), clock);
  }

  /** Puts a program into a slot; it is compiled at its first call. */
  load(slot: number, program: Uint8Array): void {
    this.programs.set(slot, program);
    this.images.delete(slot);
    this.deep.delete(slot);
    if (this.loaded?.slot === slot) this.loaded = undefined;
  }

  run(call: RunnerCall): Answer {
    this.clock.start(call.timeoutMs);
    const text = this.textOf(call);
    const status = this.statusOf(text);
    const isHealthy = HARMLESS.has(status) && this.isIntact();
    return { status, isHealthy, body: status === text[0] ? text.subarray(1) : logsOnly(text) };
  }

  /** Removes what the last call left. Called when its answer is on its way, so that nobody waits for it. */
  clean(): void {
    if (this.loaded !== undefined) this.restore(this.loaded.image);
  }

  private restore(image: MemoryImage): void {
    this.engine.memory.restore(image, this.stackBytes);
    this.stackBytes = 0;
  }

  private limit(memoryBytes: number, inputBytes: number, stackBytes: number): void {
    this.stackBytes = Math.max(this.stackBytes, stackBytes);
    this.engine.limit(memoryBytes, inputBytes, stackBytes);
  }

  private textOf(call: RunnerCall): Uint8Array {
    if (!this.deep.has(call.slot)) {
      const text = this.tryWith(SMALL_STACK_BYTES, call);
      if (!this.wasTooSmall(text)) return text;
      this.deep.add(call.slot);
      this.clean();
    }
    return this.tryWith(STACK_BYTES, call);
  }

  /** A program may have caught the overflow, so the status alone does not tell. Calls have no effects: one that is run again is as new. */
  private wasTooSmall(text: Uint8Array): boolean {
    const status = text[0] ?? STATUS.fault;
    return status === STATUS.stack || (HARMLESS.has(status) && this.engine.memory.usedStack(SMALL_STACK_BYTES));
  }

  private tryWith(stackBytes: number, call: RunnerCall): Uint8Array {
    try {
      const text = this.attempt(call, stackBytes);
      return this.clock.isOver() ? this.interrupted(STATUS.timeout) : text;
    } catch (error) {
      return this.failed(error, call);
    }
  }

  private attempt({ slot, inputs, memoryBytes }: RunnerCall, stackBytes: number): Uint8Array {
    const { engine, guest } = this;
    if (this.loaded?.slot !== slot) this.bring(slot);
    this.limit(memoryBytes, inputs.length, stackBytes);
    reseed(engine, guest);
    const text = engine.text(engine.call(guest.invoke, engine.string(inputs)));
    return text[0] === STATUS.pending ? this.settle() : text;
  }

  /** Makes the memory that of a program before its first call. */
  private bring(slot: number): void {
    this.loaded = undefined;
    const image = this.images.get(slot);
    if (image === undefined) this.compile(slot);
    else this.bringImage(slot, image);
  }

  private bringImage(slot: number, image: MemoryImage): void {
    this.restore(image);
    this.loaded = { slot, image };
  }

  private compile(slot: number): void {
    const { engine, guest } = this;
    this.restore(this.base);
    this.limit(DEFAULT_MEMORY_BYTES, 0, STACK_BYTES);
    engine.call(guest.load, engine.evaluate(this.programs.get(slot) ?? new Uint8Array(), PROGRAM_FILE));
    const image = engine.memory.take();
    this.images.set(slot, image);
    this.bringImage(slot, image);
  }

  private settle(): Uint8Array {
    const { engine, guest } = this;
    while (!this.clock.isOver()) {
      if (!engine.hasJobs()) return this.interrupted(STATUS.idle);
      engine.runJobs(JOBS_AT_ONCE);
      const text = engine.text(engine.call(guest.collect));
      if (text[0] !== STATUS.pending) return text;
    }
    return this.interrupted(STATUS.timeout);
  }

  private failed(error: unknown, call: RunnerCall): Uint8Array {
    if (this.clock.isOver()) return this.interrupted(STATUS.timeout);
    if (error instanceof OutOfGuestMemory) return this.interrupted(STATUS.memory);
    // The engine's functions nest deeper than the host's own stack allows.
    if (error instanceof RangeError) return statusOnly(STATUS.stack);
    if (error instanceof GuestException) return this.described(error, call);
    // The engine was stopped by the host. It is known to stumble where its memory ends, so that is what the author is told then.
    return statusOnly(this.isNearlyFull(call) ? STATUS.memory : STATUS.fault);
  }

  private isNearlyFull({ memoryBytes }: RunnerCall): boolean {
    const { memory } = this.engine;
    return memory.refused || memory.heapEnd - this.base.heapEnd > memoryBytes * NEARLY_FULL;
  }

  private described(error: GuestException, call: RunnerCall): Uint8Array {
    const { engine, guest } = this;
    const isFull = this.isNearlyFull(call);
    try {
      this.limit(call.memoryBytes + DESCRIPTION_BYTES, call.inputs.length, STACK_BYTES);
      const text = engine.text(engine.call(guest.describe, error.thrown));
      if (this.clock.isOver()) return this.interrupted(STATUS.timeout);
      return isFull && isThrownNull(text) ? this.interrupted(STATUS.memory) : text;
    } catch {
      // The description itself failed: whatever the program threw, it cannot be told.
      return this.interrupted(this.clock.isOver() ? STATUS.timeout : isFull ? STATUS.memory : STATUS.fault);
    }
  }

  /** A status with the console lines so far, where the guest can still tell them. */
  private interrupted(status: number): Uint8Array {
    this.clock.stop();
    try {
      const logs = this.engine.text(this.engine.call(this.guest.logs));
      return Buffer.concat([statusOnly(status), logs, Uint8Array.of(LINE_FEED)]);
    } catch {
      // Logs are a help, not part of the answer.
      return statusOnly(status);
    }
  }

  /** The status that the guest reports, unless the value breaks a limit that only this side can measure. */
  private statusOf(text: Uint8Array): number {
    const status = text[0] ?? STATUS.fault;
    if (status !== STATUS.result) return status;
    const json = text.subarray(text.indexOf(LINE_FEED) + 1);
    if (json.length > MAX_RESULT_BYTES) return STATUS.large;
    return isNestedDeeper(json, MAX_RESULT_DEPTH) ? STATUS.deep : status;
  }

  private isIntact(): boolean {
    const { memory, stackPointer } = this.engine;
    return !memory.refused && memory.size <= KEPT_MEMORY_BYTES && stackPointer() === BUILD.heapStart;
  }
}

/** The time of one call. Once it is over it stays over, whatever the program catches. */
class Deadline {
  private at = Number.POSITIVE_INFINITY;
  private isPast = false;

  start(timeoutMs: number): void {
    this.at = performance.now() + timeoutMs;
    this.isPast = false;
  }

  stop(): void {
    this.at = Number.POSITIVE_INFINITY;
    this.isPast = false;
  }

  isOver(): boolean {
    this.isPast ||= performance.now() >= this.at;
    return this.isPast;
  }
}

function statusOnly(status: number): Uint8Array {
  return Uint8Array.of(status);
}

function logsOnly(text: Uint8Array): Uint8Array {
  return text.subarray(1, text.indexOf(LINE_FEED) + 1);
}

const THROWN_NULL = Buffer.from('\n["","thrown: null",""]');

function isThrownNull(text: Uint8Array): boolean {
  return Buffer.from(text).includes(THROWN_NULL);
}
