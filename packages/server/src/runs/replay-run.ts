import type { JsonObject, Language } from "@millrace/contract";
import {
  compareVersions,
  containersAround,
  type Entry,
  type Plan,
  previewReuse,
  type ReusePreview,
  reuse,
  selectEntries,
} from "@millrace/engine";
import { invalidMember, RequestError } from "#request-error";
import { type Starter, type StartRunPorts, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { IdempotencyKey, RunContents, Store, WorkflowRow } from "#store/store";
import type { Authoring } from "#workflows/authoring";
import type { RunnableVersion } from "#workflows/compile-version";

export interface ReplayPorts extends StartRunPorts {
  readonly store: Pick<Store, "runs" | "workflows">;
  readonly authoring: Authoring;
}

export interface ReplayRequest {
  readonly caller: Starter;
  readonly runId: string;
  readonly from: "failed" | "start";
  /** In place of `from`: the node that runs again, with all that follows it. */
  readonly node?: string | undefined;
  /** `same`, `live`, `draft`, or the name of a version. */
  readonly version: string;
  /** In place of the run's own; only from the start. */
  readonly input?: JsonObject | undefined;
  readonly language: Language;
  readonly once?: IdempotencyKey;
}

/** A new run with what an ended one had got done, as far as it holds; the old one stays as it is. RequestError where there is nothing to replay. */
export async function replayRun(ports: ReplayPorts, request: ReplayRequest): Promise<RunHandle> {
  const { caller, language, once } = request;
  const replay = await prepare(ports, request);
  const { source, workflow, target } = replay;
  const version = target.name ?? (await ports.authoring.keepDraft(caller.tenantId, workflow.id));
  const run = { userId: source.userId, input: request.input ?? source.input, isAsync: true, webhook: [] };
  const retry = { of: source.id, journal: replay.journal };
  const origin = { trigger: "retry", id: source.id } as const;
  return startRun(ports, { caller, workflow, version, body: run, language, retry, origin, ...(once && { once }) });
}

export interface PreviewedReplay extends ReusePreview {
  readonly version: string;
}

/** What such a replay would reuse, and what it would run again. Starts nothing. */
export async function previewReplay(ports: ReplayPorts, request: ReplayRequest): Promise<PreviewedReplay> {
  const { source, target, journal } = await prepare(ports, request);
  const { plan } = target.compiled;
  const { id: runId, workflowId: id, workflowName: name, version, input, userId, acceptedAt } = source;
  const [first] = journal ?? [];
  const seed = first?.type === "run-accepted" ? first.seed : "";
  const workflow = { id, name, version };
  const accepted = { type: "run-accepted", interpreter: 1, runId, workflow, input, userId, seed, at: acceptedAt } as const;
  return { ...previewReuse(plan, reuse(plan, accepted, journal ?? [])), version: target.name ?? "draft" };
}

interface Target {
  /** null: the draft, which has none until a run is started with it. */
  readonly name: string | null;
  readonly compiled: RunnableVersion;
  readonly document: JsonObject;
}

interface PreparedReplay {
  readonly source: RunContents;
  readonly workflow: WorkflowRow;
  readonly target: Target;
  /** What of the source's journal may be taken over; null: nothing. */
  readonly journal: readonly Entry[] | null;
}

async function prepare(ports: ReplayPorts, request: ReplayRequest): Promise<PreparedReplay> {
  const { caller, runId, from, node, input } = request;
  const { runs, workflows } = ports.store;
  const source = await runs.view(caller.tenantId, null, runId);
  if (!source) throw new RequestError("not_found");
  if (source.endedAt === null) throw new RequestError("conflict", { key: "conflict.run_not_ended" });
  const isWhole = node === undefined && from === "start";
  if (node === undefined && from === "failed" && source.status !== "FAILED")
    throw new RequestError("conflict", { key: "conflict.not_failed" });
  if (input !== undefined && !isWhole) throw invalidMember("/input", "input: another input needs a replay from the start");
  const workflow = await workflows.get(caller.tenantId, source.workflowId);
  if (!workflow) throw new RequestError("workflow_deleted");
  const target = await targetOf(ports, request, source, workflow);
  return { source, workflow, target, journal: isWhole ? null : await journalFor(ports, request, source, target) };
}

async function targetOf(
  ports: ReplayPorts,
  { caller, version }: ReplayRequest,
  source: RunContents,
  workflow: WorkflowRow,
): Promise<Target> {
  if (version === "draft") return { name: null, ...(await ports.authoring.runnableDraft(caller.tenantId, workflow.id)) };
  const name = version === "same" ? source.version : version === "live" ? workflow.liveVersion : version;
  if (name === null) throw new RequestError("no_published_version");
  return { name, ...(await stored(ports, caller.tenantId, workflow.id, name)) };
}

async function stored({ versions, store }: ReplayPorts, tenantId: string, workflowId: string, version: string) {
  const compiled = await versions.load(tenantId, workflowId, version);
  const row = compiled && (await store.workflows.version(tenantId, workflowId, version));
  if (!row) throw new RequestError("version_unknown", { params: { version } });
  return { compiled, document: row.document };
}

/** The results that hold: those before the node, and in another version those that it would have come by in the same way. */
async function journalFor(
  ports: ReplayPorts,
  { caller, node }: ReplayRequest,
  source: RunContents,
  target: Target,
): Promise<readonly Entry[]> {
  if (source.errorType === "journal_corrupt") throw new RequestError("conflict", { key: "conflict.journal" });
  const { plan } = target.compiled;
  const journal = await ports.store.runs.journal(caller.tenantId, source.id);
  if (node !== undefined) assertRan(plan, node, journal);
  if (target.name === source.version) return selectEntries(plan, journal, { from: node ?? null, comparison: null });
  const before = await stored(ports, caller.tenantId, source.workflowId, source.version);
  const comparison = compareVersions({ plan: before.compiled.plan, document: before.document }, { plan, document: target.document });
  return selectEntries(plan, journal, { from: node ?? null, comparison });
}

function assertRan({ root }: Plan, node: string, journal: readonly Entry[]): void {
  if (containersAround(root, node) === null) throw invalidMember("/node", `node: the version has no node "${node}"`);
  const ran = journal.some((entry) => RAN.has(entry.type) && "path" in entry && entry.path.slice(entry.path.lastIndexOf("/") + 1) === node);
  if (!ran) throw new RequestError("conflict", { key: "conflict.node_not_run", params: { node } });
}

const RAN: ReadonlySet<Entry["type"]> = new Set<Entry["type"]>(["node-started", "node-finished", "node-failed"]);
