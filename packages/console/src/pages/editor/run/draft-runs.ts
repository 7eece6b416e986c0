import type { Json, JsonObject, RunDetail } from "@millrace/contract";
import { cancelRun, type DraftRunRequest, getRun, latestRuns, runDraft } from "#api/draft-runs.ts";
import { listenToRun } from "#app/run-news.ts";
import type { Samples } from "#pages/editor/model/samples.ts";
import type { NodeStates } from "#pages/editor/node-state.ts";
import { samplesOf, statesOf } from "#pages/editor/run/run-states.ts";
import type { Saver } from "#pages/editor/saver.ts";
import { keepPins, type Pins, readPins } from "#parts/pins.ts";

// Runs of the draft: started, followed, and what is known from them.

export type RunMode = "only" | "upTo" | "from";

export interface DraftRunState {
  /** The run that is shown: under way, or the last that was. */
  readonly run: RunDetail | null;
  readonly running: boolean;
  /** Why a run did not begin. */
  readonly error: unknown;
  readonly states: NodeStates;
  readonly samples: Samples;
  readonly pins: Pins;
}

const EMPTY: DraftRunState = { run: null, running: false, error: null, states: new Map(), samples: new Map(), pins: new Map() };

export class DraftRuns {
  readonly #workflowId: string;
  readonly #saver: Saver;
  #state: DraftRunState;
  #input: JsonObject = {};
  #followed: AbortController | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(workflowId: string, saver: Saver) {
    this.#workflowId = workflowId;
    this.#saver = saver;
    this.#state = { ...EMPTY, pins: readPins(workflowId) };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): DraftRunState => this.#state;

  #set(change: Partial<DraftRunState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  get input(): JsonObject {
    return this.#input;
  }

  /** The samples of a workflow that was opened: of its latest run. */
  async loadLatest(signal: AbortSignal): Promise<void> {
    const { data } = await latestRuns(this.#workflowId, signal);
    const [latest] = data;
    if (!latest || this.#state.run) return;
    const run = await getRun(latest.id, signal);
    if (this.#state.run === null) this.#set({ samples: samplesOf(run) });
  }

  run(input: JsonObject): Promise<void> {
    this.#input = input;
    return this.#start({ input });
  }

  /** One node with what led to it before, up to it, or from it on. */
  runNode(node: string, mode: RunMode): Promise<void> {
    const { run } = this.#state;
    const baseRun = run?.endedAt === undefined ? undefined : run.id;
    return this.#start({
      ...(mode === "upTo" || baseRun === undefined ? { input: this.#input } : {}),
      target: { node, mode },
      ...(baseRun !== undefined && { baseRun }),
    });
  }

  /** Another value for what a node gave: what reads it runs anew. */
  rerunWith(node: string, output: Json): Promise<void> {
    this.setPin(node, output);
    return this.runNode(node, "from");
  }

  async #start(request: DraftRunRequest): Promise<void> {
    this.#followed?.abort();
    this.#set({ running: true, error: null });
    try {
      await this.#saver.flush();
      const { pins } = this.#state;
      const withPins = pins.size === 0 ? request : { ...request, pins: Object.fromEntries(pins) };
      const { workflowRunId } = await runDraft(this.#workflowId, withPins);
      await this.follow(workflowRunId);
    } catch (error) {
      this.#set({ running: false, error });
    }
  }

  /** Asks the engine to end the run; the page goes on until it has. */
  async stop(): Promise<void> {
    const { run } = this.#state;
    if (run && run.endedAt === undefined) await cancelRun(run.id);
  }

  /** Shows a run until it ends. */
  async follow(runId: string): Promise<void> {
    const controller = new AbortController();
    this.#followed?.abort();
    this.#followed = controller;
    const { signal } = controller;
    const news = listenToRun(runId);
    try {
      for (;;) {
        const run = await getRun(runId, signal);
        const ended = run.endedAt !== undefined;
        this.#set({
          run,
          running: !ended,
          states: statesOf(run, Date.now()),
          samples: new Map([...this.#state.samples, ...samplesOf(run)]),
        });
        if (ended) return;
        await news.changed(signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#set({ running: false, error });
    } finally {
      news.close();
    }
  }

  /** The run's canvas goes; what it showed stays as samples. */
  clear(): void {
    this.#followed?.abort();
    this.#set({ run: null, running: false, error: null, states: new Map() });
  }

  close(): void {
    this.#followed?.abort();
  }

  setPin(node: string, output: Json | undefined): void {
    const pins = new Map(this.#state.pins);
    const port = this.#state.run?.nodes.findLast(({ nodeId }) => nodeId === node)?.port;
    if (output === undefined) pins.delete(node);
    else pins.set(node, { output, ...(port !== undefined && { port }) });
    keepPins(this.#workflowId, pins);
    this.#set({ pins });
  }

  /** Pins what the node gave last, or an empty object to be edited. */
  togglePin(node: string): void {
    this.setPin(node, this.#state.pins.has(node) ? undefined : (this.#state.samples.get(node) ?? {}));
  }
}
