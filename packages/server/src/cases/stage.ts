import { findRunError, type Json, type JsonObject, type Mock, type RecordedAttempt } from "@millrace/contract";
import { containerOf, type Directive, errorOf, prefixOf, RetryableError, TerminalError, type Usage } from "@millrace/engine";
import { statusError } from "@millrace/nodes";
import { askedHash } from "#cases/asked";
import { type ItemPlace, mockFor, type StandIn, standIn } from "#cases/mocks";
import type { VirtualClock } from "#cases/virtual-clock";

// What stands in for the world while a case runs. S1. Nothing is reached that a recording does not ask for: whoever wants out without a
// stand-in has failed the case, whatever the workflow makes of the error. S2. A mock comes before a recording. S3. A recording holds for what
// was asked when it was made, and for nothing else.

/** A run of the case: the first, or one that a node of it calls. */
export interface Scene {
  /** By the ids of nodes. */
  readonly mocks: ReadonlyMap<string, Mock>;
  /** Of nodes that read secrets, by id: members of their config as they are written. */
  readonly secrets: ReadonlyMap<string, JsonObject>;
  /** What its paths are called from outside: "" or `pricing > `. */
  readonly trail: string;
}

export interface RunPlace {
  readonly runId: string;
  readonly path: string;
}

export interface Unmocked {
  readonly node: string;
  readonly wanted: string;
}

/** One attempt as it begins. */
export interface BegunAttempt {
  readonly standIn: StandIn;
  readonly usage: readonly Usage[];
  readonly afterMs: number;
}

export interface StagePorts {
  readonly clock: VirtualClock;
  /** By the name of the node from outside, one an attempt. */
  readonly recorded: { readonly [node: string]: readonly RecordedAttempt[] };
  /** What nothing stands in for is done for real, and kept. */
  readonly isRecording: boolean;
}

const OUTDATED = "a new recording, because what it asks for has changed: millrace test --record";

export class Stage {
  readonly #ports: StagePorts;
  readonly #scenes = new Map<string, Scene>();
  readonly #items = new Map<string, readonly Json[]>();
  readonly #attempts = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** Of recordings, by the names of nodes: a node of a workflow that is called again goes on where it was. */
  readonly #replayed = new Map<string, number>();
  readonly #out = new Set<string>();
  readonly #tape = new Map<string, RecordedAttempt[]>();
  readonly unmocked: Unmocked[] = [];

  constructor(ports: StagePorts) {
    this.#ports = ports;
  }

  get isRecording(): boolean {
    return this.#ports.isRecording;
  }

  /** What was done for real, by the names of the nodes. */
  get tape(): ReadonlyMap<string, readonly RecordedAttempt[]> {
    return this.#tape;
  }

  open(runId: string, scene: Scene): void {
    this.#scenes.set(runId, scene);
  }

  /** What the node is called from outside. */
  nameOf({ runId, path }: RunPlace): string {
    return this.#scene(runId).trail + path;
  }

  noteItems(place: RunPlace, items: readonly Json[]): void {
    this.#items.set(keyOf(place), items);
  }

  mock(place: RunPlace): Mock | null {
    const mock = this.#scene(place.runId).mocks.get(idOf(place.path));
    return mock ? mockFor(mock, this.#itemAt(place)) : null;
  }

  /** Throws where the recording does not hold any more. */
  begin(place: RunPlace, config: JsonObject): BegunAttempt {
    const key = keyOf(place);
    this.#out.delete(key);
    const mock = this.mock(place);
    if (mock) return { standIn: standIn(mock, next(this.#attempts, key)), usage: [], afterMs: mock.afterMs ?? 0 };
    const name = this.nameOf(place);
    const recorded = this.isRecording ? undefined : this.#ports.recorded[name]?.[next(this.#replayed, name)];
    if (recorded?.asked !== undefined && recorded.asked !== this.#hashOf(place, config)) throw this.refuse(place, OUTDATED);
    return recorded ? replayed(recorded) : { standIn: { do: "run" }, usage: [], afterMs: 0 };
  }

  /** How often the node has asked its model before, over all of its attempts. */
  countAsked(place: RunPlace): number {
    return next(this.#asked, keyOf(place));
  }

  /** A way out: taken where the case is recorded, else the case has failed. */
  reach<T>(place: RunPlace, wanted: string, real: (() => Promise<T>) | null): Promise<T> {
    if (!real || !this.isRecording) return Promise.reject(this.refuse(place, wanted));
    this.#out.add(keyOf(place));
    return this.#ports.clock.during(real());
  }

  refuse(place: RunPlace, wanted: string): TerminalError {
    const node = this.nameOf(place);
    this.unmocked.push({ node, wanted });
    return new TerminalError("unsupported", `Nothing stands in for the node ${node}, which wants ${wanted}.`);
  }

  /** What came of an attempt that ran: kept where it was outside. */
  keep(place: RunPlace, config: JsonObject, outcome: Directive | Error): void {
    if (!this.#out.has(keyOf(place))) return;
    const name = this.nameOf(place);
    this.#tape.set(name, [...(this.#tape.get(name) ?? []), { asked: this.#hashOf(place, config), ...attemptOf(outcome) }]);
  }

  #hashOf({ runId, path }: RunPlace, config: JsonObject): string {
    return askedHash(config, this.#scene(runId).secrets.get(idOf(path)));
  }

  #scene(runId: string): Scene {
    const scene = this.#scenes.get(runId);
    if (!scene) throw new Error(`the run ${runId} is none of this case`);
    return scene;
  }

  #itemAt({ runId, path }: RunPlace): ItemPlace | null {
    const container = containerOf(prefixOf(path));
    if (!container) return null;
    const items = this.#items.get(keyOf({ runId, path: container.path }));
    return { index: container.index, item: items?.[container.index] ?? null };
  }
}

const NOT_STATUSES: ReadonlySet<string> = new Set(["http_network", "http_timeout", "llm_rate_limited", "llm_error", "node_timeout"]);

/** The error that nodes throw of this type. */
export function failureOf({ type, message, retryAfterMs, retryable }: Extract<StandIn, { do: "fail" }>): Error {
  const text = message ?? `${findRunError(type)?.title ?? type} (mocked).`;
  const again = retryable ?? isRetryable(type);
  return again ? new RetryableError(type, text, retryAfterMs === undefined ? {} : { retryAfterMs }) : new TerminalError(type, text);
}

function isRetryable(type: string): boolean {
  const [, status] = /^http_(\d{3})$/.exec(type) ?? [];
  if (status === undefined) return NOT_STATUSES.has(type);
  const answer = { status: Number(status), headers: {}, body: new Uint8Array(), url: "" };
  return statusError("GET", "http://mocked.invalid/", answer) instanceof RetryableError;
}

function attemptOf(outcome: Directive | Error): RecordedAttempt {
  if (outcome instanceof Error) {
    const { type, message, retryable, retryAfterMs } = errorOf(outcome);
    return { error: { type, message, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  }
  if (outcome.verb !== "continue") throw new Error(`a node that goes out answered ${outcome.verb}`);
  const { output, port } = outcome;
  // How long a model took is of that day alone: a recording would differ each time.
  const usage = outcome.usage?.map(({ firstTokenMs: _, ...row }) => row) ?? [];
  return {
    output,
    ...(port !== undefined && { port }),
    ...(usage.length > 0 && { usage }),
  };
}

function replayed({ output, port, error, usage }: RecordedAttempt): BegunAttempt {
  const rows = (usage ?? []) as unknown as readonly Usage[];
  const standIn: StandIn = error
    ? { do: "fail", ...error }
    : { do: "answer", output: (output ?? {}) as { readonly [name: string]: Json }, ...(port !== undefined && { port }) };
  return { standIn, usage: rows, afterMs: 0 };
}

/** Counts one more; how many there were before. */
function next(counts: Map<string, number>, key: string): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}

function keyOf({ runId, path }: RunPlace): string {
  return `${runId} ${path}`;
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
