import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleStore } from "../../build/bundle-server.ts";
import { chance } from "../harness/chance.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { SERVER } from "../harness/server-process.ts";
import { Disk, type Fate, type Image, writeImage } from "./disk.ts";
import { inspect, type OpenStore } from "./inspect.ts";
import { DATA, type Recording } from "./record.ts";
import { type Told, tellings, toldBefore } from "./told.ts";

/** A disk after a power cut, and what the world had been told by then. */
export interface CutState {
  readonly name: string;
  readonly image: Image;
  readonly told: Told;
}

export interface PowerCutFigure {
  readonly states: number;
  /** Runs told, over all states. */
  readonly told: number;
  readonly lost: number;
  readonly corrupt: number;
  /** In words, the first few. */
  readonly failures: readonly string[];
}

const AT_ONCE = 3;
const SHOWN = 5;

export interface CutOptions {
  readonly states: number;
  readonly seed: number;
  /** No more disks are opened once so much is lost. */
  readonly enough?: number;
}

/** Cuts the power at places all over the recording, and opens what the disk may hold then. */
export async function cutPower(
  recording: Recording,
  { states, seed, enough = Number.POSITIVE_INFINITY }: CutOptions,
): Promise<PowerCutFigure> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-power-cut-"));
  const { openWithoutThreads: open } = (await import(await bundleStore(SERVER, join(folder, "store")))) as {
    openWithoutThreads: OpenStore;
  };
  const failures: string[] = [];
  const figure = { states: 0, told: 0, lost: 0, corrupt: 0 };
  const inspectOne = async (state: CutState, index: number): Promise<void> => {
    const disk = join(folder, `${index}`);
    writeImage(state.image, recording.root, disk);
    const { lost, corrupt } = await inspect(open, join(disk, DATA), state.told, recording.secret);
    figure.states += 1;
    figure.told += state.told.runs.size;
    figure.lost += lost.length;
    figure.corrupt += corrupt === null ? 0 : 1;
    for (const failure of [...lost, ...(corrupt === null ? [] : [corrupt])])
      if (failures.length < SHOWN) failures.push(`${state.name}: ${failure}`);
    rmSync(disk, { recursive: true });
  };
  try {
    // As many as are opened at the same time, so that not all of them are held in memory.
    for (const batch of batches(cutStates(recording, states, seed), AT_ONCE)) {
      await eachAtOnce(batch, AT_ONCE, (state, n) => inspectOne(state, n));
      if (figure.lost >= enough) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...figure, failures };
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Different ones only: at many places nothing is left to chance, and all fates are one. */
function* cutStates({ operations, sent }: Recording, count: number, seed: number): Generator<CutState> {
  const random = chance(seed);
  const disk = new Disk();
  const seen = new Set<string>();
  const told = tellings(sent);
  let next = 0;
  for (const at of cutPlaces(operations, told, count, random)) {
    for (; next < operations.length && (operations[next]?.end ?? 0) < at; next++)
      disk.take(operations[next] as (typeof operations)[number]);
    const sofar = toldBefore(told, at);
    for (const fate of disk.isSettled ? [ALL_HAPPENED] : fates(random)) {
      const image = disk.after(fate);
      const key = `${sofar.runs.size} ${sofar.effects.size} ${digest(image)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield { name: `line ${at}, ${fate.name}`, image, told: sofar };
      if (seen.size === count) return;
    }
  }
}

/** Every other one right behind something that was told, where losing shows; the rest behind any operation. In order. */
function cutPlaces(operations: readonly { end: number }[], told: readonly { at: number }[], count: number, random: () => number): number[] {
  const pick = (from: readonly number[]): number => from[Math.floor(random() * from.length)] ?? 0;
  const ends = operations.map(({ end }) => end);
  const tellings = told.map(({ at }) => at);
  // More than one fate differs at most places; too many places cost nothing.
  const places = Array.from({ length: count / 3 }, (_, n) => 1 + pick(n % 2 === 0 ? tellings : ends));
  return [...new Set([...places, 1 + Math.max(...ends, ...tellings)])].sort((a, b) => a - b);
}

const ALL_HAPPENED: Fate = { name: "all of it", data: () => "whole", entry: () => true };

function fates(random: () => number): Fate[] {
  const some = (name: string): Fate => ({ name, data: () => (random() < 0.5 ? "whole" : "lost"), entry: () => random() < 0.5 });
  return [
    { name: "nothing that was not synced", data: () => "lost", entry: () => false },
    ALL_HAPPENED,
    some("some of it"),
    some("some of it, otherwise"),
    { name: "the last write torn", data: (index, of) => (index === of - 1 ? "torn" : "whole"), entry: () => true },
    { name: "without the names", data: () => "whole", entry: () => false },
  ];
}

/** Most of what a disk holds is the same as on the one before, and is read once. */
const digests = new WeakMap<Buffer, string>();

function digest(image: Image): string {
  const hash = createHash("sha1");
  for (const [path, content] of image) hash.update(path).update(content === null ? "folder" : contentDigest(content));
  return hash.digest("hex");
}

function contentDigest(content: Buffer): string {
  const known = digests.get(content) ?? createHash("sha1").update(content).digest("hex");
  digests.set(content, known);
  return known;
}
