import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeOf } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { chance } from "../harness/chance.ts";
import { NoEvidence } from "../harness/evidence.ts";
import { type PlantedBug, withPlanted } from "../harness/plant.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { type Judged, judge } from "../webhooks/evidence.ts";
import { type Each, type LifeOptions, type LifeReport, liveToTheEnd, liveUntilKilled } from "../webhooks/life.ts";
import { PLANTED_WEBHOOK_BUGS } from "../webhooks/planted.ts";
import { type Receivers, startReceivers } from "../webhooks/receiver.ts";

const SERVER = new URL("../../../packages/server", import.meta.url).pathname;

const START = Date.UTC(2026, 5, 1);
/** Of one attempt, in real time: more than an answer needs on a machine with other work, and not so much that all that hang take minutes. */
const TIMEOUT_MS = 1_000;

/** Deliveries to each kind of receiver; each attempt at one that hangs takes all of its time. */
const EACH = { change: { quick: 47, hanging: 13 }, long: { quick: 1_955, hanging: 150 } };

/** Deliveries of each kind of receiver within which a planted bug must show. */
const EACH_FOR_A_BUG = { quick: 2, hanging: 0 };
/** Time of processors: the sound server needs a tenth of this for so many. A bug whose lives have no end is found by it. */
const ENDLESS_CPU_SECONDS = 20;
/** Planted at every change; the others take turns. */
const ALWAYS_PLANTED = 2;
const CORES = 2;

export const r5: Check = {
  id: "R5",
  property:
    "Every webhook of an asynchronous run ends delivered, failed or disabled, with the run's own body under one id, signed, on the promised schedule",
  waits: true,
  notOn: { restate: "runs are driven by another engine there, and webhooks as they are on PostgreSQL" },
  run: async (effort) => {
    const { long, seed } = effort;
    const random = chance(seed);
    const kills = Array.from({ length: long ? 40 : 3 }, () => 1 + Math.floor(random() * 120));
    const { judged, report, died } = await live(SERVER, long ? EACH.long : EACH.change, kills);
    const planted = new Tally();
    await eachAtOnce(plantedFor(effort), CORES, async (bug) => planted.add(await missed(bug)));
    const { ends, waits, ids, bodies, signatures, redirects, duplicates, table } = judged;
    return {
      counts: [
        ends.count("not in the end that its receiver makes of it", "webhooks"),
        ids.count("under another id", "requests"),
        bodies.count("with another body than a query", "requests"),
        signatures.count("not verified by both verifiers", "requests"),
        waits.count("outside the schedule and its jitter", "waits"),
        redirects.count("that followed a redirect", "requests"),
        planted.count("not found", "planted bugs"),
      ],
      facts: { ...table, "killed between send and record": died, duplicates, "virtual hours": hoursOf(report) },
      failures: [ends, ids, bodies, signatures, waits, redirects, planted].flatMap(({ failures }) => failures),
    };
  },
};

interface Lived {
  readonly judged: Judged;
  readonly report: LifeReport;
  /** Lives that ended between the sending and the recording of an attempt. */
  readonly died: number;
}

/**
 * One server's lives on one data directory, until nothing is due any more.
 *
 * @param kills How many attempts each life sends, the last of which it does not record.
 */
async function live(folder: string, each: Each, kills: readonly number[], cpuSeconds?: number): Promise<Lived> {
  const work = mkdtempSync(join(tmpdir(), "millrace-promise-"));
  const receivers = await startReceivers(START);
  try {
    const options = await optionsFor(folder, work, receivers);
    await liveUntilKilled({ ...options, each });
    let died = 0;
    for (const hit of kills) died += Number(await liveUntilKilled(options, `webhook.afterSend.beforeRecord:kill@${hit}`));
    const report = await liveToTheEnd(options, cpuSeconds);
    return { judged: await judge(report, receivers.received, START), report, died };
  } finally {
    receivers.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function optionsFor(folder: string, work: string, { port, downPort }: Receivers): Promise<LifeOptions> {
  const clockFile = join(work, "clock");
  writeFileSync(clockFile, "");
  const dataDir = join(work, "data");
  const place = await placeOf(dataDir);
  const database = place && { databaseUrl: place.databaseUrl, secretKey: place.secretKey };
  return { folder, dataDir, ...(database && { database }), clockFile, startAt: START, timeoutMs: TIMEOUT_MS, port, downPort };
}

function plantedFor({ long, seed }: Effort): readonly PlantedBug[] {
  if (long) return PLANTED_WEBHOOK_BUGS;
  const others = PLANTED_WEBHOOK_BUGS.slice(ALWAYS_PLANTED);
  const turn = seed % others.length;
  return [...PLANTED_WEBHOOK_BUGS.slice(0, ALWAYS_PLANTED), ...others.slice(turn, turn + 1)];
}

/** The bug's name where the check is blind to it; null: found. */
function missed(bug: PlantedBug): Promise<string | null> {
  return withPlanted(bug, SERVER, async (copy) => {
    try {
      const { judged } = await live(copy, EACH_FOR_A_BUG, [], ENDLESS_CPU_SECONDS);
      const { ends, waits, ids, bodies, signatures, redirects } = judged;
      return [ends, waits, ids, bodies, signatures, redirects].some(({ failed }) => failed > 0) ? null : `not found: ${bug.name}`;
    } catch (thrown) {
      if (thrown instanceof NoEvidence) return null;
      throw thrown;
    }
  });
}

function hoursOf({ moves }: LifeReport): number {
  return Math.round(((moves.at(-1) ?? START) - START) / 3_600_000);
}
