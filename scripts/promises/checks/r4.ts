import { setTimeout as pause } from "node:timers/promises";
import { type Database, withDatabase } from "../forms/database.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_ONE_PROCESS } from "../frame/not-on.ts";
import { calling } from "../harness/documents.ts";
import { settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { until } from "../harness/until.ts";

/** Twice the lease, and a moment. */
const PAUSE_MS = 31_000;

/** Servers that sleep at the same time. */
const AT_ONCE = 10;

/** Runs that a server has under way when it is stopped. */
const RUNS = 4;

interface Tallies {
  readonly second: Tally;
  readonly ends: Tally;
  readonly stale: Tally;
}

export const r4: Check = {
  id: "R4",
  property:
    "Two processes never write the same data: a second one is refused, also while the first is stopped, which then goes on where it was",
  notOn: OF_ONE_PROCESS,
  waits: true,
  run: async ({ long }: Effort) => {
    const tallies: Tallies = { second: new Tally(), ends: new Tally(), stale: new Tally() };
    const pauses = Array.from({ length: long ? 40 : AT_ONCE });
    await eachAtOnce(pauses, AT_ONCE, () => withDataDir((dataDir) => stopAndContinue(dataDir, tallies)));
    const { second, ends, stale } = tallies;
    return {
      counts: [
        second.count("let in", "second processes on the data of a stopped one"),
        stale.count("in which a run changed hands", "stores afterwards"),
        ends.count("not ended", "runs over a stop of twice the lease"),
      ],
      facts: { pauses: pauses.length },
      failures: [second, ends, stale].flatMap(({ failures }) => failures),
    };
  },
};

async function stopAndContinue(dataDir: string, { second, ends, stale }: Tallies): Promise<void> {
  const receiver = await startReceiver();
  const settings = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}`, MILLRACE_LOG_LEVEL: "silent" });
  const server = await startMillrace(settings);
  const { key } = await server.publish(calling("stopped", receiver.port));
  const answers = await Promise.all(Array.from({ length: RUNS }, (_, n) => invoke(server, key, { input: { n }, isAsync: true })));
  await until("the effects", () => receiver.held === RUNS);
  process.kill(server.pid, "SIGSTOP");
  await pause(PAUSE_MS);
  const other = await startMillrace(settings, { quiet: true }).catch(() => null);
  second.add(other === null ? null : "a second process serves the data of a stopped one");
  await other?.end("SIGKILL");
  process.kill(server.pid, "SIGCONT");
  receiver.release();
  for (const answer of answers) {
    const ended = await terminalAnswer(server, key, runIdOf(answer));
    ends.add(hasEnded(ended) ? null : `${ended.status} ${ended.text}`);
  }
  await server.end("SIGTERM");
  stale.add(await withDatabase(dataDir, staleWrite));
  await receiver.close();
}

/** The call that it waited for was answered, or has timed out meanwhile. */
function hasEnded({ json }: Answer): boolean {
  return json["status"] === "SUCCEED" || (json["error"] as { type?: string } | undefined)?.type === "http_timeout";
}

/** The fence of every run is the one that it was accepted with: nobody else has owned it. */
async function staleWrite(database: Database): Promise<string | null> {
  const [row] = await database.rows("SELECT count(*) AS count FROM runs WHERE fence <> 1");
  const moved = Number(row?.["count"]);
  return moved === 0 ? null : `${moved} runs changed hands though nobody else was let in`;
}
