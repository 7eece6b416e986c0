import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { parseCredits, RetryableError, type Usage } from "@millrace/engine";
import type { ChatCall, EffectContext, Executor, Models } from "@millrace/nodes";
import { executors } from "@millrace/nodes/executors";
import { nodeSpecs } from "@millrace/nodes/specs";
import pino from "pino";
import { systemClock } from "#clock";
import { createEgress } from "#egress/egress";
import { systemIds } from "#ids";
import { callWorkflow } from "#runs/call-workflow";
import { describeWorkflow } from "#runs/describe-workflow";
import { FairPlaces } from "#runtime/attempts/fair-places";
import { EmbeddedRuntime } from "#runtime/embedded/embedded-runtime";
import { openSqliteStore } from "#store/sqlite/open";
import type { RunContents, Store } from "#store/store";
import { document, start } from "#testing/workflows";
import { SpendingGate } from "#usage/budget-gate";
import { Authoring } from "#workflows/authoring";
import { DraftHistory } from "#workflows/draft-history";
import { linearPatterns } from "#workflows/linear-patterns";
import { VersionCache } from "#workflows/version-cache";

const TENANT = "default";

export type Step =
  | {
      readonly do: "ask";
      /** Requests of one attempt. */
      readonly asks: number;
      /** Attempts that fail after they have paid. */
      readonly failures: number;
      readonly retries: number;
      /** What fails leaves the run going on. */
      readonly handled: boolean;
      /** The request after so many is never answered. */
      readonly stallsAfter?: number;
    }
  | { readonly do: "batch"; readonly items: number; readonly body: Step }
  | { readonly do: "call"; readonly steps: readonly Step[] };

/** A provider far away: what it counts is what it will send a bill for. */
class Provider {
  requests = 0;
  tokens = 0;
  credits = 0n;
  #stalled = Promise.withResolvers<void>();

  forget(): void {
    this.requests = 0;
    this.tokens = 0;
    this.credits = 0n;
    this.#stalled = Promise.withResolvers<void>();
  }

  /** Resolves once a request waits for an answer that never comes. */
  stalled(): Promise<void> {
    return this.#stalled.promise;
  }

  costOf(request: number) {
    const row = usageOf(request);
    return { tokens: row.inputTokens + row.outputTokens, credits: parseCredits(row.credits) };
  }

  async chat(call: ChatCall) {
    if (JSON.stringify(call.messages).includes("stall")) {
      this.#stalled.resolve();
      return new Promise<never>((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
    }
    this.requests += 1;
    const { tokens, credits } = this.costOf(this.requests);
    this.tokens += tokens;
    this.credits += credits;
    const answer = { model: "far/away", text: "", reasoning: null, toolCalls: [], finish: "stop" as const };
    return { ...answer, usage: [usageOf(this.requests)] };
  }
}

/** The dearer the later, and beyond what a double holds. */
function usageOf(request: number): Usage {
  const credits = `9007199254740993.00000000000${request % 10}`;
  return { kind: "chat", model: `far/${request % 2}`, inputTokens: 10 + request, outputTokens: request % 7, credits };
}

/** Real store, runtime, gate and versions; nodes that ask a model, of which the provider alone is not real. */
export class AskingHouse {
  readonly provider = new Provider();
  readonly #dataDir = mkdtempSync(join(tmpdir(), "millrace-asking-"));
  readonly #log = pino({ level: "silent" });
  #made = 0;
  #lives = 0;
  store!: Store;
  runtime!: EmbeddedRuntime;
  #gate!: SpendingGate;
  #authoring!: Authoring;
  #versions!: VersionCache;

  static async open(): Promise<AskingHouse> {
    const house = new AskingHouse();
    await house.#begin();
    return house;
  }

  async reopen(): Promise<void> {
    await this.#end();
    await this.#begin();
  }

  async close(): Promise<void> {
    await this.#end();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** Resolves with the workflow's name. */
  async publish(steps: readonly Step[]): Promise<string> {
    const name = `asking${this.#made++}`;
    const nodes = await Promise.all(steps.map((step, index) => this.#nodeOf(step, `step${index}`)));
    const chain = ["start", ...nodes.map(({ id }) => String(id)), "end"];
    const edges = chain.slice(1).map((id, index) => `${chain[index]} -> ${id}`);
    await this.#authoring.deploy(TENANT, document(name, [start({}), ...nodes, { id: "end", type: "end", output: {} }], edges), {
      publish: true,
    });
    return name;
  }

  async begin(name: string, userId: string): Promise<{ readonly runId: string; readonly ended: Promise<RunContents> }> {
    const workflow = await this.store.workflows.get(TENANT, name);
    const version = workflow?.liveVersion && (await this.#versions.load(TENANT, workflow.id, workflow.liveVersion));
    if (!workflow?.liveVersion || !version) throw new Error(`${name} is not published`);
    const id = systemIds(systemClock.now).uuidv7();
    const ended = new Promise<RunContents>((resolve) => this.runtime.whenEnded(TENANT, id, resolve));
    const about = { workflowId: workflow.id, workflowName: name, version: workflow.liveVersion, userId, keyId: null, origin: null };
    await this.runtime.start({
      tenantId: TENANT,
      run: { ...about, id, acceptedAt: systemClock.now() },
      version,
      input: {},
      startValues: {},
    });
    return { runId: id, ended };
  }

  async run(name: string, userId: string): Promise<RunContents> {
    return (await this.begin(name, userId)).ended;
  }

  async #nodeOf(step: Step, id: string): Promise<JsonObject & { id: string }> {
    if (step.do === "call")
      return { id, type: "workflow", name: id, workflow: await this.publish(step.steps), onError: { do: "continue" } };
    if (step.do === "batch") {
      const body = { nodes: [await this.#nodeOf(step.body, `${id}x`)], edges: [] };
      return { id, type: "batch", items: Array.from({ length: step.items }, () => 1), onItemError: "fail", body };
    }
    const { retries, handled, ...script } = step;
    const retry = { maxAttempts: retries, initialMs: 1, maxMs: 1 };
    return { id, type: "code", code: `return ${JSON.stringify(script)}`, retry, ...(handled && { onError: { do: "continue" } }) };
  }

  async #begin(): Promise<void> {
    const owner = `owner-${this.#lives++}`;
    const store = await openSqliteStore({ dataDir: this.#dataDir, owner, logger: this.#log });
    const ids = systemIds(systemClock.now);
    const specs = new Map(nodeSpecs).set("code", { ...specOf("code"), paid: true });
    const compile = { specs, patterns: linearPatterns, checkCode: () => [], maxIterations: 100, maxFileBytes: 1_000 };
    const versions = new VersionCache(store.workflows, compile);
    const known = async () => ({ secrets: new Set<string>(), connections: new Set<string>() });
    const gate = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock: systemClock, log: this.#log });
    const runtime: EmbeddedRuntime = new EmbeddedRuntime({
      runs: store.runs,
      results: store.nodeResults,
      ids,
      owner,
      clock: systemClock,
      executors: new Map(executors).set("code", asking),
      spending: gate,
      vault: { open: () => Promise.reject(new Error("nothing is sealed here")) },
      tracing: null,
      egress: createEgress({ allow: "", version: "0" }),
      capabilitiesOf: () => ({
        sandbox: { run: absent, render: absent },
        models: this.#models(),
        files: { parse: absent },
        knowledge: { search: absent },
        databases: { query: absent },
        tools: { list: absent, call: absent },
      }),
      log: this.#log,
      describeWorkflow: (tenantId, called) => describeWorkflow(store.workflows, tenantId, called),
      callWorkflow: (step, call) =>
        callWorkflow({ runtime, runs: store.runs, workflows: store.workflows, versions, clock: systemClock }, step, call),
      limits: {},
      maxRuns: 1_000,
      places: { outside: new FairPlaces(100), contained: new FairPlaces(100) },
      counts: { accepted: () => undefined, ended: () => undefined, takenOver: () => undefined },
      loadVersion: (tenantId, workflowId, version) => versions.load(tenantId, workflowId, version),
    });
    this.store = store;
    this.runtime = runtime;
    this.#gate = gate;
    this.#versions = versions;
    const history = new DraftHistory(store);
    this.#authoring = new Authoring({ workflows: store.workflows, history, compile, known, ids, now: systemClock.now });
  }

  #models(): Models {
    return { chat: (call) => this.provider.chat(call), embed: absent, speak: absent, transcribe: absent };
  }

  async #end(): Promise<void> {
    await this.runtime.drain();
    this.#gate.close();
    await this.store.close();
  }
}

function absent(): Promise<never> {
  return Promise.reject(new Error("not here"));
}

function specOf(type: string) {
  const spec = nodeSpecs.get(type);
  if (!spec) throw new Error(`no node type ${type}`);
  return spec;
}

/** Asks as often as its script says. An attempt that fails says nothing of what it had paid for: the runtime has to know. */
const asking: Executor = {
  spec: { ...specOf("code"), paid: true },
  effect: "contained",
  run: async (config: JsonObject, { capabilities, signal, timeoutMs, attempt }: EffectContext) => {
    const { asks, failures, stallsAfter } = JSON.parse(String(config["code"]).replace("return ", "")) as Extract<Step, { do: "ask" }>;
    const usage: Usage[] = [];
    for (let index = 0; index < asks; index++) {
      const text = index === stallsAfter ? "stall" : "ask";
      const answer = await capabilities.models.chat({ model: null, timeoutMs, signal, messages: [{ role: "system", text }] });
      usage.push(...answer.usage);
    }
    if (attempt <= failures) throw new RetryableError("llm_error", "The model failed.");
    return { verb: "continue", output: {}, usage };
  },
};
