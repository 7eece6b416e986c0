import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { chance } from "../harness/chance.ts";
import { echo, failing } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { invoke, query, runIdOf } from "../harness/runs.ts";

/**
 * File and bits flipped in it at a time: one in the WAL stops the start, in the database many may lie in places that nobody reads. In what
 * a journal says the file stays a sound one, and the text often is JSON as before: nothing but a checksum tells.
 */
const DAMAGES = [
  { file: "millrace.db", bits: 20, where: "anywhere" },
  { file: "millrace.db-wal", bits: 1, where: "anywhere" },
  { file: "millrace.db", bits: 20, where: "journals" },
] as const;

const RUNS = 20;

/** A run that has ended, and its body. */
interface Ended {
  readonly id: string;
  readonly key: string;
  readonly text: string;
}

interface Tallies {
  readonly wrong: Tally;
  readonly vanished: Tally;
  /** Damaged copies of which something was refused, and those of which everything was read as before. */
  detected: number;
  harmless: number;
}

export const r13: Check = {
  id: "R13",
  property: "Damage on the disk is found before it is served: a flipped bit is harmless, or the run or the start is refused",
  notOn: OF_THE_FILE,
  run: (effort) => withDataDir((folder) => check(folder, effort)),
};

async function check(folder: string, { long, seed }: Effort) {
  const [sound, damaged] = [join(folder, "sound"), join(folder, "damaged")];
  const runs = await prepare(sound);
  const journals = journalsIn(join(sound, "millrace.db"));
  const random = chance(seed);
  const tallies: Tallies = { wrong: new Tally(), vanished: new Tally(), detected: 0, harmless: 0 };
  const copies = long ? 1_000 : 12;
  let flips = 0;
  for (let copy = 0; copy < copies; copy++) {
    cpSync(sound, damaged, { recursive: true });
    const { file, bits, where } = DAMAGES[copy % DAMAGES.length] as (typeof DAMAGES)[number];
    flips += bits;
    const places = where === "journals" ? journals : null;
    const flipped = Array.from({ length: bits }, () => flipBit(join(damaged, file), places, random));
    await readDamaged(damaged, runs, `${file}, ${where}, bits ${flipped.join(" ")}`, tallies);
    rmSync(damaged, { recursive: true });
  }
  const { wrong, vanished, detected, harmless } = tallies;
  return {
    counts: [wrong.count("wrong results served", "reads"), vanished.count("unknown to a server that started", "runs")],
    facts: { "bits flipped": flips, "copies in which that was detected": detected, harmless },
    failures: [...wrong.failures, ...vanished.failures],
  };
}

/** Runs in the database and runs in its WAL: a clean end moves them over, a kill leaves them. */
async function prepare(dataDir: string): Promise<Ended[]> {
  const first = await startMillrace(settingsFor(dataDir));
  const { key } = await first.publish(echo("damaged"));
  const { key: failingKey } = await first.publish(failing);
  const earlier = await endedRuns(first, key, failingKey);
  await first.end("SIGTERM");
  const second = await startMillrace(settingsFor(dataDir));
  const later = await endedRuns(second, key, failingKey);
  await second.end("SIGKILL");
  return [...earlier, ...later];
}

const echoed = (n: number): string => `${n} `.repeat(200);

async function endedRuns(server: Millrace, key: string, failingKey: string): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (let n = 0; n < RUNS; n++) {
    const own = n % 5 === 0 ? failingKey : key;
    const { text, json } = await invoke(server, own, { input: { value: echoed(n) } });
    ended.push({ id: String(json["workflowRunId"]), key: own, text });
  }
  return ended;
}

/** A piece of a file, in bytes. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** Where the file holds what journals say of the runs' inputs and outputs. */
function journalsIn(path: string): Place[] {
  const bytes = readFileSync(path);
  return Array.from({ length: RUNS }, (_, n) => echoed(n)).flatMap((value) => {
    const places: Place[] = [];
    for (let start = bytes.indexOf(value); start !== -1; start = bytes.indexOf(value, start + value.length))
      places.push({ start, length: value.length });
    return places;
  });
}

/** In one of the places, each as likely as another; without places, anywhere. */
function flipBit(path: string, places: readonly Place[] | null, random: () => number): number {
  const bytes = readFileSync(path);
  const place = places?.[Math.floor(random() * places.length)] ?? { start: 0, length: bytes.length };
  const bit = place.start * 8 + Math.floor(random() * place.length * 8);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  writeFileSync(path, bytes);
  return bit;
}

async function readDamaged(dataDir: string, runs: readonly Ended[], where: string, tallies: Tallies): Promise<void> {
  const server = await startMillrace(settingsFor(dataDir), { quiet: true }).catch(() => null);
  let refused = server === null;
  for (const run of server === null ? [] : runs) {
    const answer = await query(server as Millrace, run.key, run.id).catch(() => null);
    const served = answer?.status === 200;
    tallies.wrong.add(served && answer.text !== run.text ? `${where}: ${runIdOf(answer)} ${answer.text}` : null);
    tallies.vanished.add(answer?.status === 404 ? `${where}: ${run.id} is unknown` : null);
    refused ||= !served;
  }
  if (refused) tallies.detected += 1;
  else tallies.harmless += 1;
  await server?.end("SIGKILL");
}
