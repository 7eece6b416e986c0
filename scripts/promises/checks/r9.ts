import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@millrace/contract";
import { apply, begin, decide, type Entry, plan, type RunState } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { startEffectServer } from "../../crash/effect-server.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const CALLS = 3;
const EFFECT_MS = 10;

interface Recorded {
  readonly release: string;
  readonly runs: readonly { readonly document: JsonObject; readonly entries: readonly Entry[] }[];
}

export const r9: Check = {
  id: "R9",
  property:
    "A run ends in the version it was accepted with, whatever is published meanwhile; journals of every release replay in every later one",
  run: async ({ long }: Effort) => {
    const replays = new Tally();
    const releases = readdirSync(FIXTURES).map((file) => JSON.parse(readFileSync(new URL(file, FIXTURES), "utf8")) as Recorded);
    for (const { release, runs } of releases) for (const { document, entries } of runs) replays.add(diverges(release, document, entries));
    const versions = new Tally();
    await withDataDir((dataDir) => publishMeanwhile(dataDir, long ? 200 : 20, versions));
    return {
      counts: [
        replays.count("diverging", "recorded journals, each replayed entry by entry"),
        versions.count("in another version than the one accepted", "runs over publishing, rolling back, deleting and a kill"),
      ],
      facts: { "releases covered": releases.map(({ release }) => release).join(", "), entries: entriesIn(releases) },
      operations: { ok: versions.tried - versions.failed, failed: versions.failed, unknown: 0 },
      failures: [...replays.failures, ...versions.failures],
    };
  },
};

/** Whatever follows from a state alone, this release has to come by exactly as the one that wrote it; null: it does. */
function diverges(release: string, document: JsonObject, entries: readonly Entry[]): string | null {
  const what = `${release} ${String(document["name"])}`;
  const planned = plan(document, nodeSpecs).plan;
  const [first, ...rest] = entries;
  if (!planned || first?.type !== "run-accepted") return `${what}: it cannot be planned`;
  let state: RunState = begin(planned, first);
  for (const [at, entry] of rest.entries()) {
    const wrong = followsOtherwise(state, entry);
    if (wrong !== null) return `${what}: entry ${at + 1} would be ${wrong}, was ${JSON.stringify(entry)}`;
    try {
      state = apply(state, entry);
    } catch (error) {
      return `${what}: entry ${at + 1} does not fit: ${String(error)}`;
    }
  }
  return state.finished ? null : `${what}: it does not end`;
}

/** Entries that no attempt and no clock brings about. */
const FOLLOWING: ReadonlySet<string> = new Set(["item-opened", "item-closed", "node-skipped", "run-finished"]);

/** What would be recorded in place of an entry that follows from the state alone; null: the same, or it does not. */
function followsOtherwise(state: RunState, entry: Entry): string | null {
  const [due] = decide(state);
  if (due?.do !== "record" || entry.reused) return FOLLOWING.has(entry.type) && !entry.reused ? "nothing" : null;
  const isMeant = FOLLOWING.has(entry.type) || (due.entry.type === entry.type && pathOf(due.entry) === pathOf(entry));
  return isMeant && !isDeepStrictEqual(plain(due.entry), plain(entry)) ? JSON.stringify(due.entry) : null;
}

function pathOf(entry: object): string {
  return "path" in entry ? String(entry.path) : "";
}

/** As it was stored: without its time, and without members that say nothing. */
function plain(entry: object): unknown {
  const { at: _, ...body } = JSON.parse(JSON.stringify(entry)) as { at?: number };
  return body;
}

function entriesIn(releases: readonly Recorded[]): number {
  return releases.flatMap(({ runs }) => runs).reduce((sum, { entries }) => sum + entries.length, 0);
}

/** Runs of one version after another, each under way while the next is published, the first is made live again, or the server is killed. */
async function publishMeanwhile(dataDir: string, runs: number, tally: Tally): Promise<void> {
  const receiver = await startEffectServer(EFFECT_MS);
  const settings = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` });
  let server = await startMillrace(settings, { quiet: true });
  const { id, key } = await server.publish(versioned(receiver.port, 0));
  const accepted = new Map<string, string>();
  for (let n = 0; n < runs; n++) {
    const { json } = await invoke(server, key, { input: { n }, isAsync: true });
    accepted.set(String(json["workflowRunId"]), String(json["workflowVersion"]));
    const runId = runIdOf(await invoke(server, key, { input: { n }, isAsync: true }));
    await until(`an effect of ${runId}`, () => receiver.effects.has(`${runId}:call0`));
    accepted.set(runId, String(json["workflowVersion"]));
    if (n % 3 === 2) await server.manage("POST", `/api/v1/workflows/${id}/promote`, { version: "1.0.0" });
    else await server.publish(versioned(receiver.port, n + 1));
    if (n === Math.floor(runs / 2)) {
      await server.end("SIGKILL");
      server = await startMillrace(settings, { quiet: true });
    }
  }
  await endAll(server, id, key, accepted, tally);
  await server.end("SIGTERM");
  await receiver.close();
}

/** The last of them end when their workflow is deleted already: then only an admin key reads them. */
async function endAll(server: Millrace, id: string, key: string, accepted: ReadonlyMap<string, string>, tally: Tally): Promise<void> {
  const [last = ""] = [...accepted.keys()].slice(-1);
  for (const [runId, version] of accepted) {
    if (runId === last) continue;
    const { json, text } = await terminalAnswer(server, key, runId);
    tally.add(isOfVersion(json["workflowVersion"], json["output"], version) ? null : `${runId} of ${version}: ${text}`);
  }
  await server.manage("DELETE", `/api/v1/workflows/${id}`);
  const version = accepted.get(last) ?? "";
  let run: JsonObject = {};
  await until("the run of a deleted workflow", async () => {
    run = await server.manage("GET", `/api/v1/runs/${last}`);
    return run["endedAt"] !== undefined;
  });
  tally.add(isOfVersion(run["version"], run["output"], version) ? null : `${last} of ${version}: ${JSON.stringify(run)}`);
}

function isOfVersion(named: unknown, output: unknown, version: string): boolean {
  return named === version && (output as { readonly version?: string } | undefined)?.version === version;
}

/** Says which version it is of, as its expressions see it. */
function versioned(port: number, note: number): JsonObject {
  const { nodes, ...rest } = calling("versioned", port, CALLS) as { readonly nodes: readonly JsonObject[] };
  const end = { id: "end", type: "end", note: `edit ${note}`, output: { version: "{{ workflow.version }}" } };
  return { ...rest, nodes: [...nodes.slice(0, -1), end] };
}
