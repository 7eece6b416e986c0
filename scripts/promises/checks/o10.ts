import type { JsonObject } from "@millrace/contract";
import { LEASE_MS } from "../../../packages/server/src/store/lease.ts";
import { startEffectServer } from "../../crash/effect-server.ts";
import { withDatabase } from "../forms/database.ts";
import { ANSWERING } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, document, start } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import type { Environment } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";

/** Runs that are under way whenever the process dies of another one. */
const INNOCENT = 20;

/** Starts after the first death, at most. */
const LIMIT_STARTS = 5;

/** Within it all processes of a server have died of the culprit: of several, one takes it over from another once the lease of that is over. */
const DEATHS_MS = 30_000 + (ANSWERING - 1) * 2 * LEASE_MS;

/** A call of an innocent run takes longer than the process lives beside the culprit. */
const ANSWER_MS = 400;

/** Beyond it the check gives up: nothing contains the culprit. */
const MAX_STARTS = 12;

export const o10: Check = {
  id: "O10",
  property: "A run that kills the process is contained: it ends FAILED with crash_loop and its journal, and the others finish",
  notOn: { restate: "there a worker dies, and the process that answers does not: packages/server/test/restate/suspects.test.ts" },
  waits: true,
  run: check,
};

interface Tallies {
  readonly starts: Tally;
  readonly culprits: Tally;
  readonly innocents: Tally;
  mostStarts: number;
}

async function check({ long }: Effort) {
  const tallies: Tallies = { starts: new Tally(), culprits: new Tally(), innocents: new Tally(), mostStarts: 0 };
  for (let n = 0; n < (long ? 25 : 1); n++) await withDataDir((dataDir) => contain(dataDir, tallies));
  const { starts, culprits, innocents, mostStarts } = tallies;
  return {
    counts: [
      starts.count(`not stable within ${LIMIT_STARTS} starts`, "crash loops"),
      culprits.count("without crash_loop and its evidence", "runs that kill the process"),
      innocents.count("blamed, or not ended", "innocent runs beside them"),
    ],
    facts: { "process starts until stable, at most": mostStarts },
    failures: [...starts.failures, ...culprits.failures, ...innocents.failures],
  };
}

/** The process is killed whenever it is about to run this workflow's node. */
function poisoned(port: number): JsonObject {
  const poison = { id: "poison", type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/effect`, body: { json: {} } } };
  return document("poisoned", [start({}), poison, { id: "end", type: "end", output: {} }], ["start -> poison", "poison -> end"]);
}

async function contain(dataDir: string, tallies: Tallies): Promise<void> {
  const receiver = await startEffectServer(ANSWER_MS);
  const settings = settingsFor(dataDir, {
    MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}`,
    MILLRACE_FAILPOINTS: "effect.beforeSend[poison]:kill",
  });
  const first = await startMillrace(settings);
  const { key } = await first.publish(calling("innocent", receiver.port, 2));
  const { key: deadly } = await first.publish(poisoned(receiver.port));
  const innocents: string[] = [];
  await eachAtOnce(Array.from({ length: INNOCENT }), INNOCENT, async (_, n) => {
    innocents.push(runIdOf(await invoke(first, key, { input: { n }, isAsync: true })));
  });
  // Its acknowledgement may die with the process: the run is found in the store.
  await Promise.all([invoke(first, deadly, { input: {}, isAsync: true }).catch(() => null), first.ended]);
  const culprit = await culpritIn(dataDir);
  const { starts, server } = await startUntilStable(settings, dataDir, culprit);
  tallies.mostStarts = Math.max(tallies.mostStarts, starts);
  tallies.starts.add(server !== null && starts <= LIMIT_STARTS ? null : `${starts} starts`);
  if (server) await judge(server, dataDir, { culprit, deadly, innocents, key }, tallies);
  await server?.end("SIGTERM");
  await receiver.close();
}

async function culpritIn(dataDir: string): Promise<string> {
  const [row] = await withDatabase(dataDir, (database) => database.rows("SELECT id FROM runs WHERE workflow_name = 'poisoned'"));
  return String(row?.["id"]);
}

/** Starts the server, as a supervisor would, until the culprit has ended in a process that lives. */
async function startUntilStable(settings: Environment, dataDir: string, culprit: string) {
  const hasEnded = async () => {
    const [row] = await withDatabase(dataDir, (database) => database.rows("SELECT ended_at FROM runs WHERE id = ?", culprit));
    return row?.["ended_at"] !== null;
  };
  for (let starts = 1; starts <= MAX_STARTS; starts++) {
    // It may die before it takes requests.
    const server = await startMillrace(settings, { quiet: true }).catch(() => null);
    if (!server) continue;
    let isDead = false;
    void server.ended.then(() => {
      isDead = true;
    });
    await until("a death, or the end of the culprit", async () => isDead || (await hasEnded()), DEATHS_MS);
    if (!isDead) return { starts, server };
  }
  return { starts: MAX_STARTS, server: null };
}

interface Runs {
  readonly culprit: string;
  readonly deadly: string;
  readonly innocents: readonly string[];
  readonly key: string;
}

async function judge(server: Millrace, dataDir: string, runs: Runs, { culprits, innocents }: Tallies): Promise<void> {
  const { json, text } = await terminalAnswer(server, runs.deadly, runs.culprit);
  const isNamed = json["status"] === "FAILED" && (json["error"] as JsonObject | undefined)?.["type"] === "crash_loop";
  const journal = await withDatabase(dataDir, (database) => database.rows("SELECT text FROM journal WHERE run_id = ?", runs.culprit));
  const begun = journal.some((row) => String(row["text"]).includes("poison"));
  culprits.add(isNamed && begun ? null : `${text}; its attempts are ${begun ? "" : "not "}in the journal`);
  for (const id of runs.innocents) {
    const ended = await terminalAnswer(server, runs.key, id);
    innocents.add(ended.json["status"] === "SUCCEED" ? null : `${id}: ${ended.text}`);
  }
}
