import { statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { type App, createApp, DEFAULT_TENANT } from "../../../packages/server/src/app.ts";
import { loadSettings } from "../../../packages/server/src/config/load-settings.ts";
import { MovableClock } from "../../../packages/server/src/testing/clock.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { echo } from "../harness/documents.ts";
import { withDataDir } from "../harness/millrace.ts";
import { eachAtOnce, INVOKE } from "../harness/runs.ts";
import { send } from "../harness/send.ts";
import { pragma, withFile } from "../harness/sqlite-file.ts";

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/** Runs are kept for so long. */
const KEPT_MS = HOURS_A_DAY * HOUR_MS;

const RUNS_AN_HOUR = 30;
const CLIENTS = 8;

/** Makes the history large beside the free pages that a store keeps. */
const VALUE = "v".repeat(6_000);

/** A write waits no longer than this for the deleting; the worst of a day, on the best of the days: a busy machine only ever adds. */
const LIMIT_HOLD_MS = 50;

/** Rarer than the server does, so that more is deleted at a time. */
const TIDY_HOURS = 8;

/** What the database may grow by a day, once as much is deleted as comes. */
const LIMIT_GROWTH = 0.05;

/** Between two slices. */
const PAUSE_MS = 5;

export const o7: Check = {
  id: "O7",
  property: "Retention keeps the store bounded: at a constant load its database stops growing, and no write waits long for the deleting",
  notOn: OF_THE_FILE,
  timed: true,
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long }: Effort) {
  const clock = new MovableClock();
  const { settings } = loadSettings({}, { dataDir, port: "0", retentionDays: "0" }, "0.0.0-check");
  const app = await createApp(settings, pino({ level: "silent" }), { clock });
  const port = await app.listen();
  const days = long ? 30 : 5;
  const answers = new Tally();
  const worst: number[] = [];
  let slices = 0;
  const sizes: number[] = [];
  let deleted = 0;
  const key = await publishEcho(app);
  for (let day = 0; day < days; day++) {
    const holds: number[] = [];
    const reader = day === 2 ? longReader(dataDir) : null;
    for (let hour = 0; hour < HOURS_A_DAY; hour++) {
      await eachAtOnce(Array.from({ length: RUNS_AN_HOUR }), CLIENTS, async () => {
        const answer = await send(port, "POST", INVOKE, { key, body: { input: { value: VALUE } } });
        answers.add(answer.json["status"] === "SUCCEED" ? null : answer.text);
      });
      if (hour % TIDY_HOURS === 0) deleted += await tidy(app, clock.now() - KEPT_MS, holds);
      clock.forward(HOUR_MS);
    }
    reader?.close();
    sizes.push(databaseBytes(dataDir));
    worst.push(Math.max(...holds));
    slices += holds.length;
  }
  const log = statSync(join(dataDir, "millrace.db-wal")).size;
  await app.close();
  // The first day fills; the second one deletes as much as comes, and what is free after it stays.
  const [settled = 0, last = 0] = [sizes[1], sizes.at(-1)];
  const growth = (last / settled - 1) / (days - 2);
  // Those of the days on which something is deleted.
  const hold = Math.min(...worst.slice(2));
  return {
    counts: [
      { what: `grown by more than ${100 * LIMIT_GROWTH} % a day`, failed: growth <= LIMIT_GROWTH ? 0 : 1, of: days, tried: "virtual days" },
      {
        what: `longer than ${LIMIT_HOLD_MS} ms on every day`,
        failed: hold <= LIMIT_HOLD_MS ? 0 : 1,
        of: slices,
        tried: "slices of deleting",
      },
      {
        what: "not deleted",
        failed: Math.max(0, RUNS_AN_HOUR * (HOURS_A_DAY * (days - 1) - TIDY_HOURS) - deleted),
        of: answers.tried,
        tried: "runs",
      },
      answers.count("refused", "calls beside the deleting"),
    ],
    facts: {
      "growth a day, %": (100 * growth).toFixed(1),
      "MiB at the end": (last / 2 ** 20).toFixed(1),
      "slice ms, the worst of the best day": hold.toFixed(0),
      "of all days": Math.max(...worst).toFixed(0),
      "MiB of the log": (log / 2 ** 20).toFixed(1),
    },
    failures: answers.failures,
  };
}

async function publishEcho(app: App): Promise<string> {
  const { id } = await app.authoring.deploy(DEFAULT_TENANT, echo("kept"), { publish: true });
  return (await app.apiKeys.create(DEFAULT_TENANT, { workflows: [id ?? ""] })).key;
}

/** What the server does each hour, with a look at how long each slice takes until it is durable. */
async function tidy({ store: { upkeep } }: App, endedBefore: number, holds: number[]): Promise<number> {
  let began = performance.now();
  const timed = async (): Promise<boolean> => {
    holds.push(performance.now() - began);
    await pause(PAUSE_MS);
    began = performance.now();
    return true;
  };
  const deleted = await upkeep.prune(endedBefore, timed);
  if (deleted > 0) holds.push(performance.now() - began);
  began = performance.now();
  await upkeep.shrink(timed);
  return deleted;
}

/** Sees the store as it was, for as long as it is open: nothing of the log that is newer can be given up. */
function longReader(dataDir: string): DatabaseSync {
  const reader = new DatabaseSync(join(dataDir, "millrace.db"), { readOnly: true });
  reader.exec("BEGIN; SELECT count(*) FROM runs;");
  return reader;
}

/** With what is still in its log only. */
function databaseBytes(dataDir: string): number {
  return withFile(dataDir, (database) => Number(pragma(database, "page_count")) * Number(pragma(database, "page_size")));
}
