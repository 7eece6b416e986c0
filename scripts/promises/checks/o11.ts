import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { chance } from "../harness/chance.ts";
import { runCli } from "../harness/cli.ts";
import { echo } from "../harness/documents.ts";
import { settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { invoke, query, runIdOf } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { until } from "../harness/until.ts";

const CLIENTS = 4;
/** Runs that end before the backup begins: all of them have to be in it. */
const BEFORE = 40;
const LARGE = "l".repeat(70_000);

interface Tallies {
  readonly different: Tally;
  readonly accepted: Tally;
  readonly backups: Tally;
}

export const o11: Check = {
  id: "O11",
  property: "A backup made under load holds every run that had ended before, byte by byte; a damaged one is refused",
  notOn: OF_THE_FILE,
  run: (effort) =>
    withDataDir(async (folder) => {
      const tallies: Tallies = { different: new Tally(), accepted: new Tally(), backups: new Tally() };
      for (let n = 0; n < (effort.long ? 50 : 2); n++) await backUpUnderLoad(join(folder, `${n}`), effort, n, tallies);
      const { different, accepted, backups } = tallies;
      return {
        counts: [
          different.count("restored and different", "runs that had ended before a backup"),
          backups.count("not made or not restored", "backups under load"),
          accepted.count("restored", "damaged backups"),
        ],
        failures: [different, accepted, backups].flatMap(({ failures }) => failures),
      };
    }),
};

async function backUpUnderLoad(folder: string, { long, seed }: Effort, round: number, tallies: Tallies): Promise<void> {
  const [dataDir, archive, restored] = ["data", "backup.tgz", "restored"].map((name) => join(folder, name)) as [string, string, string];
  const server = await startMillrace(settingsFor(dataDir));
  const { key } = await server.publish(echo("backed-up"));
  const told: Answer[] = [];
  let stopped = false;
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = 0; !stopped; n++) told.push(await invoke(server, key, { input: { value: n % 10 === 0 ? `${LARGE}${client}-${n}` : n } }));
  });
  await until("the load", () => told.length >= BEFORE);
  const before = told.slice();
  const made = await runCli(["backup", archive], settingsFor(dataDir));
  stopped = true;
  await Promise.all(clients);
  await server.end("SIGTERM");
  const put = await runCli(["restore", archive, "--to", restored], settingsFor(dataDir));
  tallies.backups.add(made.code === 0 && put.code === 0 ? null : `round ${round}: ${made.stderr} ${put.stderr}`);
  if (put.code !== 0) return;
  copyFileSync(join(dataDir, "secret.key"), join(restored, "secret.key"));
  const again = await startMillrace(settingsFor(restored));
  for (const answer of before) {
    const { status, text } = await query(again, key, runIdOf(answer));
    tallies.different.add(text === answer.text ? null : `round ${round}: ${runIdOf(answer)} answers ${status} ${text.slice(0, 200)}`);
  }
  await again.end("SIGTERM");
  await damage(archive, long ? 20 : 3, chance(seed + round), tallies);
  rmSync(folder, { recursive: true });
}

/** By turns a flipped byte and a truncated file. */
async function damage(archive: string, times: number, random: () => number, { accepted }: Tallies): Promise<void> {
  const whole = readFileSync(archive);
  for (let n = 0; n < times; n++) {
    const at = Math.floor(random() * whole.length);
    const bytes = n % 2 === 0 ? Buffer.from(whole) : whole.subarray(0, at);
    if (n % 2 === 0) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const damaged = `${archive}.damaged`;
    writeFileSync(damaged, bytes);
    const to = `${archive}.restored`;
    const { code, stderr } = await runCli(["restore", damaged, "--to", to], {});
    accepted.add(code !== 0 ? null : `${n % 2 === 0 ? "byte flipped" : "cut"} at ${at} of ${whole.length}: ${stderr}`);
    rmSync(to, { recursive: true, force: true });
  }
}
