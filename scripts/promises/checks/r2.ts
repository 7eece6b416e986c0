import { fillPath, ROUTES, type Route } from "@millrace/contract";
import { withDatabase } from "../forms/database.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { echo, failing } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { eachAtOnce, invoke, query, runIdOf, terminalAnswer } from "../harness/runs.ts";

const RUNS_OF_EACH = 4;
const AT_ONCE = 8;

/** A run that has ended, and the bytes that were read of it first. */
interface Ended {
  readonly id: string;
  readonly key: string;
  readonly text: string;
}

export const r2: Check = {
  id: "R2",
  property: "A run that has ended never changes, and reading it again gives the same bytes",
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long }: Effort) {
  const reads = new Tally();
  const writes = new Tally();
  const updates = new Tally();
  const server = await startMillrace(settingsFor(dataDir));
  const runs = await endedRuns(server);
  const perRun = Math.ceil((long ? 100_000 : 5_000) / runs.length / 2);
  // Readers and writers at the same time: the bytes must not flicker either.
  await Promise.all([readAll(server, runs, perRun, reads), attemptWrites(server, runs, writes)]);
  await server.end("SIGTERM");
  for (const run of runs) await attemptUpdates(dataDir, run, updates);
  const restarted = await startMillrace(settingsFor(dataDir));
  await readAll(restarted, runs, perRun, reads);
  await restarted.end("SIGTERM");
  return {
    counts: [
      reads.count("changed bodies", "reads"),
      writes.count("changed a run", "write requests"),
      updates.count("let through", "SQL updates of an ended run"),
    ],
    failures: [...reads.failures, ...writes.failures, ...updates.failures],
  };
}

async function endedRuns(server: Millrace): Promise<Ended[]> {
  const { key } = await server.publish(echo("echo"));
  const { key: failingKey } = await server.publish(failing);
  const ended: Ended[] = [];
  const keep = async (ownKey: string, id: string) => ended.push({ id, key: ownKey, text: (await terminalAnswer(server, ownKey, id)).text });
  for (let n = 0; n < RUNS_OF_EACH; n++) {
    await keep(key, runIdOf(await invoke(server, key, { input: { value: { n, text: "ü 漢字 \u{1f600}" } }, userId: `u${n}` })));
    await keep(key, runIdOf(await invoke(server, key, { input: { value: n }, isAsync: true })));
    await keep(failingKey, runIdOf(await invoke(server, failingKey, { input: {} })));
  }
  return ended;
}

function readAll(server: Millrace, runs: readonly Ended[], times: number, reads: Tally): Promise<void> {
  const sequence = Array.from({ length: runs.length * times }, (_, n) => runs[n % runs.length] as Ended);
  return eachAtOnce(sequence, AT_ONCE, async (run) => reads.add(await changeOf(server, run)));
}

/** null: the same bytes as the first time. */
async function changeOf(server: Millrace, { id, key, text }: Ended): Promise<string | null> {
  const answer = await query(server, key, id);
  return answer.status === 200 && answer.text === text ? null : `${id}: ${answer.status} ${answer.text} instead of ${text}`;
}

async function attemptWrites(server: Millrace, runs: readonly Ended[], writes: Tally): Promise<void> {
  for (const run of runs) {
    for (const [method, path, body] of writesOf(run.id)) {
      for (const key of [run.key, undefined]) {
        if (key === undefined) await server.manage(method, path, body).catch(() => undefined);
        else await server.call(method, path, { key, body });
        const change = await changeOf(server, run);
        writes.add(change && `${method} ${path}: ${change}`);
      }
    }
  }
}

/** What an ended run could be changed by: each route that takes its id and does not only read, and each other method of its paths. */
function writesOf(runId: string): (readonly [method: string, path: string, body: object])[] {
  const body = { workflowRunId: runId, status: "FAILED", output: { changed: true }, totalCost: 1, reason: "changed" };
  const byBody = ROUTES.filter(takesRunInBody).map(({ method, path }) => [method, path, body] as const);
  const paths = [...new Set<string>(ROUTES.map(({ path }) => path).filter((path) => path.includes("{run}")))];
  const byPath = paths.flatMap((path) =>
    ["POST", "PUT", "PATCH", "DELETE"].map((method) => [method, fillPath(path, { run: runId }), body] as const),
  );
  return [...byBody, ...byPath];
}

function takesRunInBody({ method, body }: Route): boolean {
  const properties = (body?.schema as { readonly properties?: object } | undefined)?.properties ?? {};
  return method !== "GET" && Object.hasOwn(properties, "workflowRunId");
}

/** Each column by itself, set to what it holds: only a trigger says no to that. */
function attemptUpdates(dataDir: string, { id }: Ended, updates: Tally): Promise<void> {
  return withDatabase(dataDir, async (database) => {
    for (const [table, idColumn] of [
      ["runs", "id"],
      ["journal", "run_id"],
    ] as const) {
      for (const column of await database.columns(table)) {
        const statement = `UPDATE ${table} SET ${column} = ${column} WHERE ${idColumn} = ?`;
        updates.add((await isRefused(() => database.rows(statement, id))) ? null : `UPDATE ${table}.${column} of ${id}`);
      }
    }
  });
}

/** By the trigger, and not for another reason. */
async function isRefused(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch (thrown) {
    return /never changes|only appended/.test(String(thrown));
  }
}
