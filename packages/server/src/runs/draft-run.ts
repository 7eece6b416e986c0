import { isJsonObject, type Json, type JsonObject, type Language } from "@millrace/contract";
import { compareVersions, type DraftOptions, type Entry, type NodeSpecs, namesReadBy, type Pin, selectEntries } from "@millrace/engine";
import { invalidMember, RequestError } from "#request-error";
import { type Around, hasNode, idOf, only, portsOf, upTo } from "#runs/draft-document";
import { withBuiltInModels } from "#runs/draft-models";
import { type BaseResults, resultsOf } from "#runs/draft-results";
import { type Starter, type StartRunPorts, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { RunContents, Store, WorkflowRow } from "#store/store";
import type { Authoring } from "#workflows/authoring";
import type { RunnableVersion } from "#workflows/compile-version";

export interface DraftRunPorts extends StartRunPorts {
  readonly store: Pick<Store, "runs">;
  readonly authoring: Authoring;
}

export interface GivenPin {
  readonly output: Json;
  /** Absent: the one that the base run took, or the first. */
  readonly port?: string | undefined;
}

export interface DraftRunRequest {
  readonly caller: Starter;
  /** Id or name. */
  readonly workflow: string;
  /** Absent: that of the base run, or none. */
  readonly input?: JsonObject | undefined;
  readonly userId: string | null;
  readonly target?: { readonly node: string; readonly mode: "only" | "upTo" | "from" } | undefined;
  readonly pins: { readonly [node: string]: GivenPin };
  /** A run of the workflow whose results are taken over where they hold. */
  readonly baseRun?: string | undefined;
  readonly failOnce?: string | undefined;
  /** The built-in model answers in place of all others. */
  readonly mock?: boolean | undefined;
  /** Of a node with effects outside. */
  readonly crashOnce?: string | undefined;
  readonly language: Language;
}

/**
 * Runs the draft, or a part of it. RequestError where the part has errors, a value that the node reads is not known, or the base run is none
 * of this workflow that has ended.
 */
export async function runDraft(ports: DraftRunPorts, request: DraftRunRequest): Promise<RunHandle> {
  const { caller, target, failOnce, crashOnce, language, input } = request;
  const workflow = await ports.authoring.get(caller.tenantId, request.workflow);
  const base = request.baseRun === undefined ? null : await baseOf(ports, caller.tenantId, workflow, request.baseRun);
  assertNodes(workflow.document, request);
  assertCrashes(workflow.document, ports.authoring.specs, crashOnce);
  if (target?.mode === "from" && !base) throw invalidMember("/baseRun", "baseRun: from a node on needs a run whose results are taken over");
  const { specs } = ports.authoring;
  const part = partOf(specs, request.mock ? withBuiltInModels(workflow.document, specs) : workflow.document, target);
  const { name, compiled } = await ports.authoring.keepDocument(caller.tenantId, workflow.id, part.document);
  // With another input nothing holds any more.
  const takesOver = base !== null && input === undefined && target?.mode !== "only";
  const comparison = takesOver ? await compared(ports, caller.tenantId, base, { name, compiled, document: part.document }) : null;
  const journal =
    takesOver && comparison ? selectEntries(compiled.plan, base.journal, { from: target?.node ?? null, ...comparison }) : null;
  const known = { specs, draft: workflow.document, request, base: base?.results ?? null, holds: holding(comparison) };
  const draft: DraftOptions = {
    pins: pinsOf(known, part.around),
    ...(failOnce !== undefined && { failOnce }),
    ...(crashOnce !== undefined && { crashOnce }),
  };
  const body = { userId: request.userId, input: input ?? base?.run.input ?? {}, isAsync: true, webhook: [] };
  const origin = { trigger: "draft", id: base?.run.id ?? null } as const;
  const retry = base && { of: base.run.id, journal };
  return startRun(ports, { caller, workflow, version: name, body, language, origin, draft, ...(retry && { retry }) });
}

function partOf(specs: NodeSpecs, draft: JsonObject, target: DraftRunRequest["target"]): ReturnType<typeof only> {
  if (target?.mode === "only") return only(draft, target.node, specs);
  return { document: target?.mode === "upTo" ? upTo(draft, target.node, specs) : draft, around: [] };
}

interface Base {
  readonly run: RunContents;
  readonly journal: readonly Entry[];
  readonly results: BaseResults;
}

async function baseOf({ store }: DraftRunPorts, tenantId: string, workflow: WorkflowRow, runId: string): Promise<Base> {
  const run = await store.runs.view(tenantId, workflow.id, runId);
  if (!run) throw new RequestError("not_found");
  if (run.endedAt === null) throw new RequestError("conflict", { key: "conflict.run_not_ended" });
  const journal = await store.runs.journal(tenantId, runId);
  return { run, journal, results: resultsOf(journal) };
}

function assertNodes(draft: JsonObject, { target, pins, failOnce }: DraftRunRequest): void {
  const named = [...(target ? [["/target/node", target.node]] : []), ...Object.keys(pins).map((node) => [`/pins/${node}`, node])];
  for (const [at = "", node = ""] of failOnce === undefined ? named : [...named, ["/failOnce", failOnce]])
    if (!hasNode(draft, node)) throw invalidMember(at, `${at.slice(1).replaceAll("/", ".")}: the draft has no node "${node}"`);
}

/** What has no effects outside is over before anything could come in between. */
function assertCrashes(draft: JsonObject, specs: NodeSpecs, crashOnce: string | undefined): void {
  if (crashOnce === undefined) return;
  const node = allNodes(draft).get(crashOnce);
  if (!node) throw invalidMember("/crashOnce", `crashOnce: the draft has no node "${crashOnce}"`);
  const type = String(node["type"]);
  if (specs.get(type)?.effect !== "outside")
    throw invalidMember("/crashOnce", `crashOnce: a node of type ${type} asks nobody outside; name one that does, like llm or http`);
}

interface Known {
  readonly specs: NodeSpecs;
  readonly draft: JsonObject;
  readonly request: DraftRunRequest;
  readonly base: BaseResults | null;
  /** Does the result that the base run has of the node hold for the draft? */
  holds(node: string): boolean;
}

function pinsOf(known: Known, around: readonly Around[]): { readonly [node: string]: Pin } {
  const { specs, draft, request, base } = known;
  const given = Object.fromEntries(pinned(specs, draft, request.pins, base));
  const { target } = request;
  if (target?.mode === "only") return { ...given, ...valuesAround(around, known, target.node) };
  if (target?.mode !== "from" || !base || !Object.hasOwn(given, target.node)) return given;
  return { ...untouched(known, base, new Set(Object.keys(given))), ...given };
}

function* pinned(
  specs: NodeSpecs,
  draft: JsonObject,
  pins: DraftRunRequest["pins"],
  base: BaseResults | null,
): Generator<readonly [string, Pin]> {
  const nodes = allNodes(draft);
  for (const [id, { output, port }] of Object.entries(pins)) {
    const node = nodes.get(id);
    const role = specs.get(String(node?.["type"]))?.role;
    if (role === "leave" || role === "note")
      throw invalidMember(`/pins/${id}`, `pins.${id}: a node of this type gives nothing that could be pinned`);
    const ports = portsOf(node, specs);
    if (port !== undefined && !ports.includes(port))
      throw invalidMember(`/pins/${id}/port`, `pins.${id}.port: the node has the ports ${ports.join(", ")}`);
    yield [id, { output, port: port ?? portLike(ports, base?.finished.get(id)?.port) }];
  }
}

function portLike(ports: readonly string[], taken: string | null | undefined): string | null {
  return taken != null && ports.includes(taken) ? taken : (ports[0] ?? null);
}

/** Pins for all that stands before a node that runs alone. */
function valuesAround(around: readonly Around[], known: Known, target: string): { readonly [node: string]: Pin } {
  const { specs, draft, request, base } = known;
  const reads = namesReadBy(draft, specs).get(target) ?? new Set<string>();
  const pins: { [node: string]: Pin } = {};
  const missing: string[] = [];
  for (const { container, nodes } of around) {
    if (container) pins[idOf(container)] = { iterate: iterationOf(container, known, reads, missing) };
    for (const node of nodes) {
      const id = idOf(node);
      const result = base?.finished.get(id);
      const takesInput = specs.get(String(node["type"]))?.role === "entry" && (request.input !== undefined || !result);
      if (takesInput || Object.hasOwn(request.pins, id)) continue;
      if (!result && reads.has(id)) missing.push(id);
      pins[id] = { output: result?.output ?? null, port: portsOf(node, specs)[0] ?? null };
    }
  }
  if (missing.length === 0) return pins;
  const message = `pins: the node reads ${missing.join(", ")}, of which nothing is known: give it a value, or name a run that has one in baseRun`;
  throw new RequestError("invalid_request", { message, errors: missing.map((id) => ({ path: `/pins/${id}`, code: "required", message })) });
}

/** One item of a container, as a pin of it says (`item`, and its variables), or as the base run began it. */
function iterationOf(
  container: JsonObject,
  { specs, request, base }: Known,
  reads: ReadonlySet<string>,
  missing: string[],
): Extract<Pin, { iterate: unknown }>["iterate"] {
  const id = idOf(container);
  const pin = request.pins[id]?.output;
  const began = base?.begun.get(id);
  if (!isJsonObject(pin) && !began && ["item", "loop", id].some((name) => reads.has(name))) missing.push(id);
  const { item = null, ...variables } = isJsonObject(pin) ? pin : { item: began?.items?.[0] ?? null, ...began?.variables };
  const mode = specs.get(String(container["type"]))?.container?.mode ?? "sequential";
  const once = { verb: "iterate", mode, items: [item], count: 1, concurrency: 1, onItemError: "fail" } as const;
  return { ...once, variables: mode === "sequential" ? variables : {} };
}

/** Results of the base run that no edited value reaches: of nodes at the top that read none, neither themselves nor through others. */
function untouched({ specs, draft, holds }: Known, base: BaseResults, edited: ReadonlySet<string>): { readonly [node: string]: Pin } {
  const reads = namesReadBy(draft, specs);
  const reached = new Set(edited);
  const nodes = (Array.isArray(draft["nodes"]) ? draft["nodes"] : []).filter(isJsonObject);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const node of nodes) if (readsAny(node, reads, reached)) reached.add(idOf(node));
  }
  const pins: { [node: string]: Pin } = {};
  for (const node of nodes) {
    const id = idOf(node);
    const result = base.finished.get(id);
    if (result && holds(id) && specs.get(String(node["type"]))?.role !== "end" && !reached.has(id)) pins[id] = result;
  }
  return pins;
}

/** A container reads what its body does. */
function readsAny(node: JsonObject, reads: ReadonlyMap<string, ReadonlySet<string>>, names: ReadonlySet<string>): boolean {
  const own = reads.get(idOf(node)) ?? new Set();
  if ([...own].some((name) => names.has(name))) return true;
  const { body } = node;
  return (
    isJsonObject(body) && Array.isArray(body["nodes"]) && body["nodes"].filter(isJsonObject).some((inner) => readsAny(inner, reads, names))
  );
}

function allNodes(graph: JsonObject, found = new Map<string, JsonObject>()): ReadonlyMap<string, JsonObject> {
  for (const node of (Array.isArray(graph["nodes"]) ? graph["nodes"] : []).filter(isJsonObject)) {
    found.set(idOf(node), node);
    if (isJsonObject(node["body"])) allNodes(node["body"], found);
  }
  return found;
}

interface Kept {
  readonly name: string;
  readonly compiled: RunnableVersion;
  readonly document: JsonObject;
}

/** What of the base run's version is another in this document: null in it, nothing; null, its results cannot be read. */
async function compared(
  { versions, authoring }: DraftRunPorts,
  tenantId: string,
  { run }: Base,
  { name, compiled: { plan }, document }: Kept,
): Promise<{ readonly comparison: Comparison | null } | null> {
  if (run.errorType === "journal_corrupt") return null;
  if (run.version === name) return { comparison: null };
  const before = await versions.load(tenantId, run.workflowId, run.version);
  const stored = before && (await authoring.versionDocument(tenantId, run.workflowId, run.version));
  return before && stored ? { comparison: compareVersions({ plan: before.plan, document: stored }, { plan, document }) } : null;
}

type Comparison = ReturnType<typeof compareVersions>;

function holding(compared: { readonly comparison: Comparison | null } | null): Known["holds"] {
  return (node) => compared !== null && (compared.comparison === null || compared.comparison.whole.has(node));
}
