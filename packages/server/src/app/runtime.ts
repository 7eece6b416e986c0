import { executors } from "@millrace/nodes/executors";
import type { House, Service } from "#app/house";
import type { Tools } from "#app/tools";
import { engineAddresses } from "#config/engine-addresses";
import type { Settings } from "#config/settings";
import { knowledgeOf } from "#knowledge/search";
import { callWorkflow } from "#runs/call-workflow";
import { describeWorkflow } from "#runs/describe-workflow";
import { FairPlaces } from "#runtime/attempts/fair-places";
import { type EmbeddedOptions, EmbeddedRuntime } from "#runtime/embedded/embedded-runtime";
import { HandingRuntime } from "#runtime/embedded/handing-runtime";
import type { RestateOptions, RestateRuntime } from "#runtime/restate/restate-runtime";
import type { Runtime } from "#runtime/runtime";
import type { RunTracing } from "#runtime/tracing";
import { SealedVault } from "#secrets/vault";
import type { ServerMetrics } from "#server-metrics";
import { LeaseLost } from "#store/errors";
import { BEAT_MS } from "#store/lease";
import type { VersionCache } from "#workflows/version-cache";

/** Calls of sandboxed code at once: enough to keep every process of the sandbox busy, so few that none waits there in a line that knows no turns. */
const MAX_SANDBOXED = 64;

/** Of the places for attempts outside: a workflow that asks for all of them leaves these to the others. */
const SPARE_SHARE = 1 / 4;

/** From the start of a server until it warms its sandbox, which costs it a third of what the whole start does. */
const WARM_AFTER_MS = 1_000;

export interface RunPorts {
  readonly metrics: ServerMetrics;
  readonly traces: RunTracing | null;
  readonly tools: Tools;
}

/** Who drives runs, and what goes on beside the requests for that. */
export interface Engine {
  readonly runtime: Runtime & { readonly liveRuns: number };
  readonly service: Service;
  /** Rejects where no run can be driven now. */
  checkEngine(): Promise<void>;
}

export async function composeEngine(house: House, versions: VersionCache, ports: RunPorts): Promise<Engine> {
  const { settings, store } = house;
  let runtime: Engine["runtime"];
  const options = optionsOf(house, versions, ports, () => runtime);
  if (settings.engine === "restate" && store.shared) {
    // Loaded late: whoever has no such server does not pay for speaking to it.
    const [{ RestateRuntime }, { hostedLimits }] = await Promise.all([
      import("#runtime/restate/restate-runtime"),
      import("#runtime/restate/hosted-limits"),
    ]);
    const limits = hostedLimits(options.limits, settings.maxAttempts);
    const hosted = new RestateRuntime({ ...options, ...restateOptions(settings), limits, shared: store.shared });
    runtime = hosted;
    return { runtime, service: hostedService(house, hosted), checkEngine: () => hosted.check() };
  }
  if (settings.role === "api" && store.shared) {
    const handing = new HandingRuntime({ ...options, shared: store.shared });
    runtime = handing;
    return {
      runtime,
      service: lifeService(house, { lost: () => handing.comeBack(), beat: () => undefined }),
      checkEngine: async () => undefined,
    };
  }
  const embedded = new EmbeddedRuntime(options);
  runtime = embedded;
  return { runtime, service: runtimeService(house, embedded), checkEngine: async () => undefined };
}

function restateOptions(settings: Settings): Pick<RestateOptions, "engine" | "worker"> {
  const { role, workerHost: host, workerPort: port, workerUrl: url, restateIdentityKeys } = settings;
  const identityKeys = restateIdentityKeys.split(",").filter((key) => key !== "");
  return { engine: engineAddresses(settings), worker: role === "api" ? null : { host, port, url, identityKeys } };
}

function optionsOf(house: House, versions: VersionCache, { metrics, traces, tools }: RunPorts, runtimeOf: () => Runtime) {
  const { settings, store, clock, sandbox } = house;
  const { models, files, databases, services } = tools;
  return {
    counts: metrics,
    tracing: traces,
    spending: house.spending,
    runs: store.runs,
    shared: store.shared,
    results: store.nodeResults,
    ids: house.ids,
    owner: house.owner,
    clock,
    executors,
    egress: house.egress,
    capabilitiesOf: (scope) => ({
      sandbox: { run: (call) => sandbox.run({ timeoutMs: settings.codeTimeoutMs, ...call }), render: sandbox.render },
      models: models.of(scope),
      files,
      databases: databases.of(scope),
      tools: services.of(scope),
      knowledge: knowledgeOf(scope.tenantId, { knowledge: store.knowledge, models: models.of(scope) }),
    }),
    vault: new SealedVault({ vault: store.vault, sealer: house.sealer, egress: house.egress, clock }),
    callWorkflow: (step, call) =>
      callWorkflow({ runtime: runtimeOf(), runs: store.runs, workflows: store.workflows, versions, clock }, step, call),
    describeWorkflow: (tenantId, called) => describeWorkflow(store.workflows, tenantId, called),
    log: house.log,
    limits: { maxOutputBytes: settings.maxOutputBytes, concurrency: settings.runConcurrency },
    maxRuns: settings.maxRuns,
    places: { outside: new FairPlaces(settings.maxAttempts, { spareShare: SPARE_SHARE }), contained: new FairPlaces(MAX_SANDBOXED) },
    loadVersion: (tenantId, workflowId, version) => versions.load(tenantId, workflowId, version),
  } satisfies EmbeddedOptions;
}

/** Hosts runs, where that is this process's part; the engine knows which are unfinished. */
function hostedService(house: House, runtime: RestateRuntime): Service {
  const { settings, store, owner, log } = house;
  // It takes over no run: what the dead held, of turns of nodes and of budgets, is free once they are given up.
  const bury = async (): Promise<void> => void (await store.runs.takeOver(owner, 0));
  const beat = (): void => {
    bury().catch((error: unknown) => log.error({ err: error }, "processes that are gone could not be given up"));
  };
  const beats = lifeService(house, { lost: bury, beat });
  const warming = warmingService(house);
  return {
    start: async () => {
      if (settings.role !== "api") await warming.start();
      await runtime.resume();
    },
    close: async () => {
      await warming.close();
      await beats.close();
    },
  };
}

/** Takes over what an earlier life left unfinished, and what others leave. */
function runtimeService(house: House, runtime: EmbeddedRuntime): Service {
  const { store, log } = house;
  const lookAround = (): void => {
    runtime.lookAround().catch((error: unknown) => log.error({ err: error }, "runs of other processes could not be looked for"));
  };
  const deafen = store.shared?.hear(({ kind }) => kind === "left" && lookAround());
  const beats = lifeService(house, { lost: () => runtime.comeBack(), beat: store.shared ? lookAround : () => undefined });
  const warming = warmingService(house);
  return {
    start: async () => {
      await warming.start();
      const resumed = await runtime.resume();
      if (resumed > 0) log.info({ runs: resumed }, "unfinished runs were resumed");
    },
    close: async () => {
      deafen?.();
      await warming.close();
      await beats.close();
    },
  };
}

/** The first user of a code node should not wait for the engine; nor should whoever waits for the start, and for the runs that it takes over. */
function warmingService({ sandbox, log }: House): Service {
  let timer: NodeJS.Timeout | undefined;
  const warm = (): void => {
    sandbox.warm().catch((error: unknown) => log.warn({ err: error }, "the sandbox could not be started"));
  };
  return {
    start: () => {
      timer = setTimeout(warm, WARM_AFTER_MS).unref();
    },
    close: () => clearTimeout(timer),
  };
}

interface Life {
  /** The others have given this process up. */
  lost(): Promise<void>;
  beat(): void;
}

/** Says that this process lives, so that nobody takes what is its own. */
function lifeService({ store, owner, log }: House, { lost, beat }: Life): Service {
  const heartbeat = setInterval(() => {
    store.runs.renew(owner).catch((error: unknown) => {
      log.error({ err: error }, "the lease could not be renewed");
      if (!(error instanceof LeaseLost)) return;
      lost().catch((again: unknown) => log.error({ err: again }, "the lease could not be taken again"));
    });
    beat();
  }, BEAT_MS).unref();
  return { start: async () => undefined, close: () => clearInterval(heartbeat) };
}
