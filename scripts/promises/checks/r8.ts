import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { type App, createApp, DEFAULT_TENANT } from "../../../packages/server/src/app.ts";
import { loadSettings } from "../../../packages/server/src/config/load-settings.ts";
import { MovableClock } from "../../../packages/server/src/testing/clock.ts";
import { environmentAlone } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { chance } from "../harness/chance.ts";
import { document } from "../harness/documents.ts";
import { INVOKE, runIdOf } from "../harness/runs.ts";
import { send } from "../harness/send.ts";
import { until } from "../harness/until.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Timers are spread over so long, and no wall clock is set as far back as they are accepted ahead. */
const SPREAD_MS = 20 * DAY_MS;

/** What an operator, a time server or a summer makes of a wall clock. */
const JUMPS_MS = [DAY_MS, -DAY_MS, 60 * MINUTE_MS, -60 * MINUTE_MS, 7 * DAY_MS];

/** Rounds: in each the clock is set, and in every second one the server is started again, over times that fall due meanwhile. */
const ROUNDS = 8;

interface Timer {
  readonly runId: string;
  readonly dueAt: number;
}

interface Tallies {
  readonly early: Tally;
  readonly doubled: Tally;
  readonly lost: Tally;
}

/** A virtual wall clock: months pass in seconds, and monotonic time is left alone. */
export const r8: Check = {
  id: "R8",
  property:
    "A timer fires once and never early, over restarts and whatever becomes of the wall clock; one that was missed fires at the start",
  notOn: { restate: "there the engine keeps the timers, by a clock of its own" },
  run: async ({ long, seed }: Effort) => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-timers-"));
    const tallies: Tallies = { early: new Tally(), doubled: new Tally(), lost: new Tally() };
    try {
      const restarts = await timers(dataDir, chance(seed), long ? 20_000 : 1_000, tallies);
      const { early, doubled, lost } = tallies;
      return {
        counts: [
          early.count("fired before their moment", "timers"),
          doubled.count("fired another number of times than once", "timers"),
          lost.count("of a run that did not end", "timers"),
        ],
        facts: { restarts, "clock jumps": ROUNDS },
        failures: [...early.failures, ...doubled.failures, ...lost.failures],
      };
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function timers(dataDir: string, random: () => number, count: number, tallies: Tallies): Promise<number> {
  const clock = new MovableClock();
  let { app, port } = await open(dataDir, clock);
  const ask = await publish(app, port);
  const all = await acceptAll(app, ask, random, clock, count);
  let restarts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 1) {
      await app.close();
      restarts += 1;
    }
    clock.forward(JUMPS_MS[round % JUMPS_MS.length] ?? 0);
    if (round % 2 === 1) ({ app } = await open(dataDir, clock));
    clock.forward(SPREAD_MS / ROUNDS);
    await until("due timers to fire", () => isQuiet(app, clock.now()));
  }
  clock.forward(SPREAD_MS + 10 * DAY_MS);
  await until("every timer to fire", async () => (await app.store.runs.countUnfinished()) === 0);
  for (const timer of all) await check(app, timer, tallies);
  await app.close();
  return restarts;
}

async function open(dataDir: string, clock: MovableClock): Promise<{ app: App; port: number }> {
  const environment = await environmentAlone({ MILLRACE_DATA_DIR: dataDir });
  const { settings } = loadSettings(environment, { port: "0", maxRuns: "500" }, "0.0.0-promises");
  const app = await createApp(settings, pino({ level: "error" }), { clock });
  return { app, port: await app.listen() };
}

/** No run is left whose timer is due. */
async function isQuiet({ store, runtime }: App, now: number): Promise<boolean> {
  const next = await store.runs.nextWakeAt();
  if (next !== null && next <= now) return false;
  const [awake] = (await store.runs.list(DEFAULT_TENANT, { limit: 500, status: "RUNNING" })).filter(({ id }) => runtime.attach(id));
  return awake === undefined;
}

const SLEEPER = document(
  "sleeper",
  [
    { id: "start", type: "start", input: { type: "object", properties: { dueAt: { type: "integer" } }, required: ["dueAt"] } },
    { id: "pause", type: "delay", until: "{{ start.dueAt }}" },
    { id: "end", type: "end", output: { firedAt: "{{ pause.firedAt }}" } },
  ],
  ["start -> pause", "pause -> end"],
);

type Ask = (dueAt: number, later: boolean) => Promise<string>;

/** Half of the timers are waits of a run, the other half the moment at which a run is to begin. */
async function publish(app: App, port: number): Promise<Ask> {
  const { id } = await app.authoring.deploy(DEFAULT_TENANT, SLEEPER, { publish: true });
  const { key } = await app.apiKeys.create(DEFAULT_TENANT, { workflows: [id ?? ""] });
  return async (dueAt, later) => {
    const headers = { ...(later && { "Millrace-Start-At": String(dueAt) }) };
    return runIdOf(await send(port, "POST", INVOKE, { key, headers, body: { input: { dueAt: later ? 0 : dueAt }, isAsync: true } }));
  };
}

async function acceptAll(app: App, ask: Ask, random: () => number, clock: MovableClock, count: number): Promise<Timer[]> {
  const timers: Timer[] = [];
  while (timers.length < count) {
    const batch = Array.from({ length: 100 }, (_, n) => ({ dueAt: clock.now() + Math.floor(random() * SPREAD_MS), later: n % 2 === 0 }));
    const ids = await Promise.all(batch.map(({ dueAt, later }) => ask(dueAt, later)));
    timers.push(...ids.map((runId, n) => ({ runId, dueAt: batch[n]?.dueAt ?? 0 })));
    await until("the runs to fall asleep", () => isQuiet(app, 0));
  }
  return timers;
}

async function check({ store }: App, { runId, dueAt }: Timer, { early, doubled, lost }: Tallies): Promise<void> {
  const entries = await store.runs.journal(DEFAULT_TENANT, runId);
  const fired = entries.filter((entry) => entry.type === "timer-fired" && entry.timer !== "deadline");
  // A run that begins later waits for nothing more: its own delay, of a moment long past, is not counted.
  const first = fired[0];
  early.add(first && first.at >= dueAt ? null : `${runId}: due at ${dueAt}, fired at ${first?.at}`);
  const moments = new Set(fired.map((entry) => (entry.type === "timer-fired" ? `${entry.path} ${entry.timer}` : "")));
  doubled.add(moments.size === fired.length && fired.length > 0 ? null : `${runId}: ${fired.length} firings`);
  lost.add(entries.at(-1)?.type === "run-finished" ? null : `${runId}: ${entries.at(-1)?.type}`);
}
