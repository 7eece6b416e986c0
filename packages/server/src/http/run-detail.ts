import type { Json, NodeTrace, RunDetail, RunHeader } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import type { HttpPorts } from "#http/ports";
import { runView } from "#http/views";
import { RequestError } from "#request-error";
import { momentOfRun } from "#runs/moment-of-run";
import { nodeInput } from "#runs/node-input";
import { presentMoment } from "#runs/present-run";
import { traceRun } from "#runs/trace-run";
import { previewed, valueNamed } from "#runs/value-preview";
import type { KeyRow } from "#store/key-store";
import type { RunRow } from "#store/store";

/** Runs of a list, each with what it waits for and with the key that began it. */
export async function presentHeaders(ports: HttpPorts, tenantId: string, rows: readonly RunRow[]): Promise<RunHeader[]> {
  const ids = new Set(rows.flatMap(({ keyId }) => keyId ?? []));
  const keys = new Map(await Promise.all([...ids].map(async (id) => [id, await ports.store.keys.get(tenantId, id)] as const)));
  return Promise.all(rows.map((row) => presentHeader(ports, tenantId, row, keys.get(row.keyId ?? "") ?? null)));
}

async function presentHeader(ports: HttpPorts, tenantId: string, row: RunRow, key: KeyRow | null): Promise<RunHeader> {
  const moment = row.status === "RUNNING" ? await momentOfRun(ports, tenantId, row) : null;
  return {
    ...runView(row),
    ...(key && { key: { id: key.id, hint: key.hint, ...(key.name !== "" && { name: key.name }) } }),
    ...(moment && presentMoment(row.id, moment)),
  };
}

/** A run with the trace of its nodes. `preview`: long values are shown by their beginnings. Throws `not_found`. */
export async function presentDetail(ports: HttpPorts, tenantId: string, runId: string, preview: boolean): Promise<RunDetail> {
  const run = await ports.store.runs.view(tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  const version = await ports.versions.load(tenantId, run.workflowId, run.version);
  const journal = version ? await ports.store.runs.journal(tenantId, runId) : [];
  const nodes = version ? traceRun(version.plan, journal) : [];
  const [accepted] = journal;
  const { input, output, error } = run;
  const key = run.keyId === null ? null : await ports.store.keys.get(tenantId, run.keyId);
  return {
    ...(await presentHeader(ports, tenantId, run, key)),
    ...(accepted?.type === "run-accepted" && accepted.retryOf !== undefined && { retryOf: accepted.retryOf }),
    ...(error && { error }),
    ...shown("input", "input", input, preview),
    ...(output && shown("output", "output", output, preview)),
    nodes: preview ? nodes.map(shortened) : nodes,
  };
}

/** The member, or where it is too long for a page, what is shown of it. */
function shown(member: string, name: string, value: Json, preview: boolean) {
  const part = preview ? previewed(name, value) : { whole: value };
  return "whole" in part ? { [member]: part.whole } : { [`${member}Preview`]: part.preview };
}

function shortened({ output, ...trace }: NodeTrace) {
  return output === undefined ? trace : { ...trace, ...shown("output", trace.value ?? "", output as Json, true) };
}

/** `input`, `output`, or what a trace names. Throws `not_found`. */
export async function valueOfRun(ports: HttpPorts, tenantId: string, runId: string, name: string): Promise<Json> {
  const run = await ports.store.runs.get(tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  const journal = await ports.store.runs.journal(tenantId, runId);
  const value = valueNamed(name, journal) ?? (await inputNamed(ports, tenantId, run, name, journal));
  if (value === undefined) throw new RequestError("not_found", { key: "not_found.value", params: { name: name.slice(0, 50) } });
  return value;
}

async function inputNamed(ports: HttpPorts, tenantId: string, run: RunRow, name: string, journal: readonly Entry[]) {
  const compiled = await ports.versions.load(tenantId, run.workflowId, run.version);
  return compiled ? nodeInput(compiled.plan, name, journal) : undefined;
}
