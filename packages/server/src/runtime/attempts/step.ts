import { type Credentials, type Directive, type ExecuteCommand, failuresTo, type Prepared, prepare, type Usage } from "@millrace/engine";
import type { CalledRun, Capabilities, DescribedWorkflow, EffectExecutor, Egress, KnowledgeSearch, WorkflowCall } from "@millrace/nodes";
import type { AttemptContext } from "#runtime/attempts/attempt";
import { type OnceHost, onceOf } from "#runtime/attempts/once";
import { pacedEgress } from "#runtime/attempts/paced-egress";
import type { RunRecord } from "#runtime/attempts/run-record";
import { ShownPieces } from "#runtime/attempts/shown-pieces";
import { watched, watchedModels } from "#runtime/attempts/watched-usage";
import type { CallingStep, ShownPiece } from "#runtime/runtime";
import type { Slices } from "#runtime/slices";
import type { RunTracing } from "#runtime/tracing";
import type { OpenVault, Vault } from "#runtime/vault";

/** Whose attempt it is. */
export interface AttemptScope {
  readonly tenantId: string;
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
}

/** Whoever follows runs. */
export interface Viewers {
  /** Tells them of a piece that an attempt shows. */
  show(runId: string, piece: ShownPiece): void;
  /** Resolves when what was shown can be heard by those at other processes; null: there are none. */
  shown(runId: string): Promise<void> | null;
}

export interface StepPorts {
  readonly egress: Egress;
  /** What else an attempt may use. */
  capabilitiesOf(scope: AttemptScope): Omit<Capabilities, "egress" | "workflows">;
  readonly vault: Vault;
  readonly viewers: Viewers;
  /** The thread's time, for all runs together. */
  readonly slices: Slices;
  /** Runs a workflow that a node calls; resolves once its run has ended. */
  callWorkflow(step: CallingStep, call: WorkflowCall): Promise<CalledRun>;
  describeWorkflow(tenantId: string, workflow: Pick<WorkflowCall, "workflow" | "version">): Promise<DescribedWorkflow>;
  /** null: no traces are kept. */
  readonly tracing: RunTracing | null;
}

/** One execution of a node with effects, ready to begin. */
export type Step = (own: AttemptContext, host: StepHost) => Promise<Directive>;

/** What an execution asks of whoever runs it. */
export interface StepHost extends OnceHost {
  /** Before it waits for another run. */
  calling(): void;
}

/**
 * Evaluates the node's config, and throws where that cannot be done. Of a workflow that names credentials it is evaluated only when the
 * attempt begins, inside of the guard: nothing before that moment holds a secret, and nothing that comes of it shows one.
 */
export function stepOf(ports: StepPorts, record: RunRecord, command: ExecuteCommand, executor: EffectExecutor): Step {
  const execute = executeOf(ports, record, command, executor);
  const { credentials } = record.state.plan;
  return credentials
    ? guardedStep(ports, record, { ...command, credentials }, execute)
    : openStep(ports, prepare(record.state, command.path), execute);
}

// What an attempt holds on to while it is under way holds no state of its run: of a wide run a thousand such states would be kept, each
// another, and every collection of garbage would copy them.

function executeOf(ports: StepPorts, record: RunRecord, command: ExecuteCommand, executor: EffectExecutor): Execute {
  const capabilities = capabilitiesFor(ports, record, command);
  return async (prepared, own, { egress, host, pieces, clean }) => {
    const { runId } = record.state.run;
    const tell = (piece: ShownPiece) => ports.viewers.show(runId, piece);
    const shown = new ShownPieces({ path: command.path, attempt: command.attempt }, own.signal, pieces, tell);
    const capabilitiesAt = (once: string | null) => capabilities(egress, host.calling, once);
    const once = onceOf({ record, command, own, host, capabilitiesAt, clean });
    const context = { ...record.context(command, prepared), ...own, capabilities: capabilitiesAt(null), show: shown.show, once };
    try {
      return await executor.run(prepared.config, context);
    } finally {
      shown.close();
      if (shown.isAny) await ports.viewers.shown(runId);
    }
  };
}

function openStep({ egress }: StepPorts, prepared: Prepared, execute: Execute): Step {
  return (own, host) => execute(prepared, own, { egress, host, ...NOTHING_SECRET });
}

/** Its config is evaluated in the state that the attempt was announced in, once the secrets are there. */
function guardedStep(
  ports: StepPorts,
  { state, tenantId }: RunRecord,
  { node, path, credentials }: Pick<ExecuteCommand, "node" | "path"> & { readonly credentials: Credentials },
  execute: Execute,
): Step {
  return async (own, host) => {
    const { secrets, egress, guard, pieces, clean } = await ports.vault.open(tenantId, { workflow: credentials, node });
    // Meanwhile nobody may want it any more: an attempt that has not begun does not begin.
    if (own.signal.aborted) throw own.signal.reason;
    return guard(async () => execute(prepare(state, path, secrets), own, { egress, host, pieces, clean }));
  };
}

/** Async, so that a throw before the executor's first await is a rejection like any other. */
type Execute = (
  prepared: Prepared,
  own: AttemptContext,
  ways: Pick<OpenVault, "egress" | "pieces" | "clean"> & { readonly host: StepHost },
) => Promise<Directive>;

const NOTHING_SECRET: Pick<OpenVault, "pieces" | "clean"> = { pieces: () => null, clean: (value) => value };

/** `once`: for which step of the attempt; null: for the attempt itself. */
type CapabilitiesOf = (egress: Egress, calling: () => void, once: string | null) => Capabilities;

/** The ways out of a run for one attempt: a called workflow is told which step it is for. */
function capabilitiesFor(ports: StepPorts, record: RunRecord, command: ExecuteCommand): CapabilitiesOf {
  const { tenantId, keyId } = record;
  const { path, attempt } = command;
  const { runId, userId, caller, workflow } = record.state.run;
  const failures = failuresTo(record.state, path);
  const traced = ports.tracing?.attempt(record.state.run, path, attempt);
  const own = ports.capabilitiesOf({ tenantId, runId, path, attempt });
  return (egress, calling, once) => {
    const call = (called: WorkflowCall): Promise<CalledRun> => {
      calling();
      const step = {
        tenantId,
        keyId,
        runId,
        path,
        userId,
        depth: caller?.depth ?? 0,
        failures,
        ...(once !== null && { once }),
      };
      return ports.callWorkflow({ ...step, ...(traced && { traceparent: traced.traceparent }) }, called);
    };
    const pay = (usage: readonly Usage[]): void => record.pay(command, once, usage);
    const models = watchedModels(traced ? traced.watchedModels(own.models) : own.models, pay);
    const knowledge = { search: (search: KnowledgeSearch) => watched(own.knowledge.search(search), pay) };
    return {
      ...own,
      models,
      knowledge,
      egress: pacedEgress(traced ? traced.watched(egress) : egress, ports.slices, workflow.id),
      workflows: {
        call: (called) => watched(call(called), pay),
        describe: (called) => ports.describeWorkflow(tenantId, called),
      },
    };
  };
}
