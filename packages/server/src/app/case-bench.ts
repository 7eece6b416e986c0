import type { Mock, RecordedAttempt, TestCase } from "@millrace/contract";
import type { CalledRun, Egress, WorkflowCall } from "@millrace/nodes";
import { executors } from "@millrace/nodes/executors";
import type { Recording } from "#app/recording";
import { MemoryResults } from "#cases/memory-results";
import { MemoryRuns } from "#cases/memory-runs";
import { type CapabilityPorts, mockedCapabilities } from "#cases/mocked-capabilities";
import { mockedExecutors } from "#cases/mocked-executors";
import { mockedUsage } from "#cases/mocked-usage";
import type { Observed } from "#cases/observed";
import { CASE_TENANT, type CaseParts, DEFAULT_NOW, openCalled, type ProjectWorkflow, playCase, seedOf } from "#cases/play-case";
import { ProjectWorkflows } from "#cases/project-workflows";
import { Stage, type Unmocked } from "#cases/stage";
import { VirtualClock } from "#cases/virtual-clock";
import type { Settings } from "#config/settings";
import { type OpenRateCard, RateCard } from "#credits/rate-card";
import type { Logger } from "#log";
import { ModelService } from "#models/model-service";
import { ServerFileParser } from "#parsing/file-parser";
import { callWorkflow } from "#runs/call-workflow";
import { describeWorkflow } from "#runs/describe-workflow";
import { FairPlaces } from "#runtime/attempts/fair-places";
import type { BudgetGate } from "#runtime/budget-gate";
import { EmbeddedRuntime } from "#runtime/embedded/embedded-runtime";
import type { CallingStep } from "#runtime/runtime";
import type { Vault } from "#runtime/vault";
import { createSandbox, type ServerSandbox } from "#sandbox/create-sandbox";

/** A case, and what is known of it besides. */
export interface CaseToPlay {
  readonly workflow: ProjectWorkflow;
  readonly testCase: TestCase;
  /** By the names of nodes, one an attempt. */
  readonly recorded: { readonly [node: string]: readonly RecordedAttempt[] };
}

export interface PlayedCase {
  readonly observed: Observed;
  readonly unmocked: readonly Unmocked[];
  /** What was done for real, without anything secret. */
  readonly tape: ReadonlyMap<string, readonly RecordedAttempt[]>;
}

export interface CaseBenchPorts {
  readonly settings: Pick<Settings, "defaultModel" | "codeTimeoutMs" | "maxOutputBytes" | "runConcurrency">;
  readonly log: Logger;
  /** Those that nodes may call. */
  readonly workflows: readonly ProjectWorkflow[];
  /** null: nothing leaves the process. */
  readonly recording: Recording | null;
}

/** Runs cases of test files on the interpreter that servers run, with a clock, a store and a world of their own. */
export class CaseBench {
  readonly #ports: CaseBenchPorts;
  readonly #sandbox: ServerSandbox;
  readonly #files = new ServerFileParser();
  readonly #card: OpenRateCard;

  private constructor(ports: CaseBenchPorts, card: OpenRateCard) {
    this.#ports = ports;
    this.#card = card;
    this.#sandbox = createSandbox({ logger: ports.log });
  }

  static async open(ports: CaseBenchPorts): Promise<CaseBench> {
    return new CaseBench(ports, await new RateCard({ prices: NO_PRICES, clock: { now: Date.now } }).open(CASE_TENANT));
  }

  /** @throws InvalidInput */
  async play({ workflow, testCase, recorded }: CaseToPlay): Promise<PlayedCase> {
    const { recording } = this.#ports;
    const clock = new VirtualClock(Date.parse(testCase.now ?? DEFAULT_NOW), recording ? (ms) => recording.pace(ms) : undefined);
    const stage = new Stage({ clock, recorded, isRecording: recording !== null });
    const runs = new MemoryRuns();
    const runtime = this.#runtime({ clock, stage, runs }, testCase.name);
    const observed = await playCase({ runtime, runs, clock, stage }, workflow, testCase);
    return { observed, unmocked: stage.unmocked, tape: recording?.clean(stage.tape) ?? stage.tape };
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  #runtime({ clock, stage, runs }: Omit<CaseParts, "runtime">, caseName: string): EmbeddedRuntime {
    const { settings, log, recording } = this.#ports;
    const usageOf = (model: string | null, tokens: Mock["tokens"]) => mockedUsage(this.#card, model, tokens);
    const capabilities = this.#capabilities({ stage, clock, usageOf });
    const workflows = new ProjectWorkflows(this.#ports.workflows);
    const runtime: EmbeddedRuntime = new EmbeddedRuntime({
      runs,
      results: new MemoryResults(),
      clock,
      log,
      ids: { seed: () => seedOf(caseName) },
      owner: "test",
      counts: { accepted: () => undefined, ended: () => undefined, takenOver: () => undefined },
      tracing: null,
      spending: NO_BUDGETS,
      executors: mockedExecutors({ stage, clock, usageOf }, executors),
      egress: recording?.egress ?? NO_EGRESS,
      capabilitiesOf: (scope) => mockedCapabilities(capabilities, scope),
      vault: recording?.vault ?? PLACEHOLDERS,
      callWorkflow: (step, call) => called({ runtime, stage, runs, workflows, clock }, step, call),
      describeWorkflow: (tenantId, call) => describeWorkflow(workflows, tenantId, call),
      limits: { maxOutputBytes: settings.maxOutputBytes, concurrency: settings.runConcurrency },
      maxRuns: MANY,
      places: { outside: new FairPlaces(MANY), contained: new FairPlaces(MANY) },
      loadVersion: (tenantId, workflowId) => workflows.load(tenantId, workflowId),
    });
    return runtime;
  }

  #capabilities(own: Pick<CapabilityPorts, "stage" | "clock" | "usageOf">): CapabilityPorts {
    const { settings, log, recording } = this.#ports;
    const { defaultModel } = settings;
    const connections = { open: async () => null, list: async () => [] };
    const models = new ModelService({ connections, rateCard: { open: async () => this.#card }, defaultModel, clock: own.clock, log });
    return {
      ...own,
      sandbox: { run: (call) => this.#sandbox.run({ timeoutMs: settings.codeTimeoutMs, ...call }), render: this.#sandbox.render },
      files: this.#files,
      offlineModels: models.of({ tenantId: CASE_TENANT }),
      defaultModel,
      outside: (place) => recording?.outside(place) ?? null,
    };
  }
}

/** More than a case ever has. */
const MANY = 100_000;

const NO_PRICES = { list: async () => [], put: refused, delete: refused };

async function refused(): Promise<never> {
  throw new Error("a case sets no prices");
}

const NO_EGRESS: Egress = { request: refused };

const NO_BUDGETS: BudgetGate = {
  refusal: () => null,
  enter: (_, step) => {
    step.begin();
    return { leave: () => undefined };
  },
};

/** Of a secret, a case reads its name. */
const PLACEHOLDERS: Vault = {
  open: async (_tenantId, { node }) => ({
    secrets: Object.fromEntries(node.secrets.map((name) => [name, `secret:${name}`])),
    egress: NO_EGRESS,
    guard: (attempt) => attempt(),
    clean: (value) => value,
    pieces: () => null,
  }),
};

interface CalledParts extends Omit<CaseParts, "runtime"> {
  readonly runtime: EmbeddedRuntime;
  readonly workflows: ProjectWorkflows;
}

/** A workflow of the project runs for real, with the mocks that the calling node has for it. */
function called({ runtime, stage, runs, workflows, clock }: CalledParts, step: CallingStep, call: WorkflowCall): Promise<CalledRun> {
  const found = workflows.find(call.workflow);
  if (!found) return Promise.reject(stage.refuse(step, `the workflow ${call.workflow}, of which there is no valid file here`));
  const opening = {
    start: (run: Parameters<EmbeddedRuntime["start"]>[0]) => {
      openCalled(stage, step, run.run.id, found);
      return runtime.start(run);
    },
    cancel: runtime.cancel.bind(runtime),
    whenEnded: runtime.whenEnded.bind(runtime),
  };
  return callWorkflow({ runtime: opening, runs, workflows, versions: workflows, clock }, step, call);
}
