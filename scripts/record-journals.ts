import { readFileSync, writeFileSync } from "node:fs";
import type { JsonObject } from "@millrace/contract";
import { startEffectServer } from "./crash/effect-server.ts";
import { type Millrace, withMillrace } from "./promises/harness/millrace.ts";
import { type RecordedRun, recordedRuns } from "./promises/harness/recorded-runs.ts";
import { invoke, runIdOf, terminalAnswer } from "./promises/harness/runs.ts";
import { until } from "./promises/harness/until.ts";

// `node scripts/run.mjs record-journals`: the journals of this release, for every later one to replay (R9). Once a release, before its tag;
// what was recorded stays as it is for ever.

const { version } = JSON.parse(readFileSync(new URL("../packages/server/package.json", import.meta.url), "utf8")) as { version: string };
const receiver = await startEffectServer(1);
await withMillrace({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }, async (server) => {
  const runs: JsonObject[] = [];
  for (const run of recordedRuns(receiver.port)) for (const recorded of await record(server, run)) runs.push(recorded);
  const file = new URL(`./promises/fixtures/journals-${version}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify({ release: version, runs }, null, 1)}\n`);
  console.log(`${runs.length} journals of ${version} are in ${file.pathname}`);
});
await receiver.close();

/** The run's journal, and that of its replay. */
async function record(server: Millrace, { document, input, afterwards }: RecordedRun): Promise<JsonObject[]> {
  const { key } = await server.publish(document);
  const runId = runIdOf(await invoke(server, key, { input, isAsync: true, userId: "recorded" }));
  if (afterwards === "cancel") {
    await until("the wait", async () => (await entriesOf(server, runId)).some(({ type }) => type === "timer-set"));
    await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
  }
  await terminalAnswer(server, key, runId);
  const recorded = [{ document, entries: await entriesOf(server, runId) }];
  if (afterwards !== "replay") return recorded;
  const { workflowRunId } = await server.manage("POST", `/api/v1/runs/${runId}/replay`, { from: "failed" });
  await terminalAnswer(server, key, String(workflowRunId));
  return [...recorded, { document, entries: await entriesOf(server, String(workflowRunId)) }];
}

async function entriesOf(server: Millrace, runId: string): Promise<JsonObject[]> {
  const { data } = await server.manage("GET", `/api/v1/runs/${runId}/journal?limit=100`);
  return (data as JsonObject[]).map(({ seq: _, ...entry }) => entry);
}
