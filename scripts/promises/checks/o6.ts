import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { chance } from "../harness/chance.ts";
import { echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace } from "../harness/millrace.ts";
import { plantServer } from "../harness/plant.ts";
import { FULL_DISK_BUG } from "../harness/planted-bugs.ts";
import { falsehood, invoke, isTerminal } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { smallDiskProblem, withSmallDisk } from "../harness/small-disk.ts";
import { pragma, withFile } from "../harness/sqlite-file.ts";
import { until } from "../harness/until.ts";

const DISK_MIB = 16;
const CLIENTS = 4;

/** Half of it stored in the database, half beside it. */
const VALUES = ["v".repeat(4_000), "l".repeat(70_000)] as const;

/** Calls of a round before the disk is filled, at most. */
const MOST_BEFORE = 25;

/** Calls that are refused before the room comes back. */
const REFUSALS = 12;

interface Tallies {
  readonly refused: Tally;
  readonly served: Tally;
  readonly recovered: Tally;
  readonly falsely: Tally;
  readonly corrupt: Tally;
}

export const o6: Check = {
  id: "O6",
  property:
    "On a full disk nothing is damaged or falsely acknowledged: reads and deletes work, invoke answers 503 with Retry-After, and it ends without a restart",
  notOn: OF_THE_FILE,
  needs: "linux",
  missing: smallDiskProblem,
  waits: true,
  run: async (effort) => {
    const tallies: Tallies = {
      refused: new Tally(),
      served: new Tally(),
      recovered: new Tally(),
      falsely: new Tally(),
      corrupt: new Tally(),
    };
    const rounds = effort.long ? 40 : 5;
    for (let round = 0; round < rounds; round++) await withSmallDisk(DISK_MIB, (folder) => fillAndFree(folder, effort, round, tallies));
    const planted = new Tally();
    planted.add(await withSmallDisk(DISK_MIB, isBlind));
    const { refused, served, recovered, falsely, corrupt } = tallies;
    const all = [falsely, corrupt, refused, served, recovered, planted];
    return {
      counts: [
        falsely.count("falsely acknowledged", "runs acknowledged around a full disk"),
        corrupt.count("corrupt", "stores after one"),
        refused.count("without 503 and Retry-After", "refused calls"),
        served.count("not served", "reads and deletes on a full disk"),
        recovered.count("not recovered without a restart", "disks that were full"),
        planted.count("not found", "planted bugs"),
      ],
      failures: all.flatMap(({ failures }) => failures),
    };
  },
};

/** A disk of its own, filled and freed at a random moment of the load; then the server is killed and starts again. */
async function fillAndFree(folder: string, { seed }: Effort, round: number, tallies: Tallies): Promise<void> {
  const random = chance(seed + round);
  const dataDir = join(folder, "data");
  const settings = settingsFor(dataDir, { MILLRACE_LOG_LEVEL: "silent" });
  const server = await startMillrace(settings);
  await until("the reserve", () => existsSync(join(dataDir, "reserve")));
  const { id, key } = await server.publish(echo("full"));
  const spare = await server.manage("POST", "/api/v1/keys", { workflows: [id], scopes: ["query"] });
  const told: Answer[] = [];
  const filler = join(folder, "filler");
  const load = startLoad(server, key, told, tallies);
  await until("the load", () => told.length >= 1 + random() * MOST_BEFORE);
  // By turns all at once, and while the load goes on beside it; no further once the server gave up its reserve, which would be lost too.
  const step = round % 2 === 0 ? DISK_MIB * MIB : 64 * 1_024;
  for (let written = 0; existsSync(join(dataDir, "reserve")) && fill(filler, written, step); written += step) await pause(1);
  await until("refusals", () => load.refused() >= REFUSALS);
  for (const answer of told.filter(isTerminal).slice(0, 10)) tallies.served.add(await falsehood(server, key, answer));
  tallies.served.add(await server.manage("DELETE", `/api/v1/keys/${spare["id"]}`).then(() => null, String));
  rmSync(filler);
  await until("the end of the refusals", () => invoke(server, key, { input: { value: 1 } }).then(({ status }) => status === 200)).then(
    () => tallies.recovered.add(existsSync(join(dataDir, "reserve")) ? null : `round ${round}: no reserve was made again`),
    (error: unknown) => tallies.recovered.add(`round ${round}: ${error}`),
  );
  await load.stop();
  await server.end("SIGKILL");
  const again = await startMillrace(settings);
  for (const answer of told) tallies.falsely.add(await falsehood(again, key, answer));
  await again.end("SIGTERM");
  const verdict = withFile(dataDir, (database) => pragma(database, "integrity_check"));
  tallies.corrupt.add(verdict === "ok" ? null : `round ${round}: ${verdict}`);
}

/** A server that acknowledges what it could not write has to be found out; otherwise the bug's name. */
async function isBlind(folder: string): Promise<string | null> {
  const dataDir = join(folder, "data");
  const copies = mkdtempSync(join(tmpdir(), "millrace-planted-"));
  try {
    const server = await startMillrace(settingsFor(dataDir, { MILLRACE_LOG_LEVEL: "silent" }), {
      server: await plantServer([FULL_DISK_BUG], copies),
    });
    const { key } = await server.publish(echo("swallowed"));
    fill(join(folder, "filler"), 0, DISK_MIB * MIB);
    const told: Answer[] = [];
    for (let n = 0; n < 60; n++) {
      const answer = await Promise.race([invoke(server, key, { input: { value: `${VALUES[0]}${n}` } }), pause(1_000, null)]);
      if (answer?.status === 200) told.push(answer);
    }
    await server.end("SIGKILL");
    rmSync(join(folder, "filler"));
    const again = await startMillrace(settingsFor(dataDir));
    const falsehoods = await Promise.all(told.map((answer) => falsehood(again, key, answer)));
    await again.end("SIGKILL");
    return falsehoods.some((one) => one !== null) ? null : `not found: ${FULL_DISK_BUG.name}`;
  } finally {
    rmSync(copies, { recursive: true });
  }
}

const MIB = 1_024 * 1_024;

/** False: there is no more room. */
function fill(path: string, already: number, bytes: number): boolean {
  try {
    writeFileSync(path, Buffer.alloc(bytes, 1), { flag: already === 0 ? "w" : "a" });
    return true;
  } catch {
    return false;
  }
}

/** Clients that send one call after another, whatever they are answered. */
function startLoad(server: Millrace, key: string, told: Answer[], { refused }: Tallies) {
  const stopping = new AbortController();
  let refusals = 0;
  const one = async (client: number): Promise<void> => {
    for (let n = client; !stopping.signal.aborted; n++) {
      const answer = await invoke(server, key, { input: { value: `${VALUES[n % 2]}${client}-${n}` } });
      if (answer.status === 200) told.push(answer);
      else {
        refusals += 1;
        const retryAfter = Number(answer.headers["retry-after"]);
        refused.add(answer.status === 503 && retryAfter >= 1 ? null : `${answer.status}, Retry-After ${retryAfter}: ${answer.text}`);
        await pause(20);
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, client) => one(client));
  return {
    refused: () => refusals,
    stop: async () => {
      stopping.abort();
      await Promise.all(clients);
    },
  };
}
