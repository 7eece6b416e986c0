import { performance } from "node:perf_hooks";
import { DEFAULT_TENANT } from "../../packages/server/src/app.ts";
import { calling } from "../promises/harness/documents.ts";
import type { Millrace } from "../promises/harness/millrace.ts";
import { begin, effectsSeen, judged, outcomeOf } from "./load-runs.ts";
import { say } from "./say.ts";
import { type Several, withSeveral } from "./several.ts";

// Form B of docs/scaling.md: several processes on one PostgreSQL, without anything else.

const PROCESSES = 3;

/** After the thaw, for whatever the process still tries to write. */
const AFTERWARDS_MS = 6_000;

/** How long the database stays away, while a process that died with it is started again and again. */
const AWAY_MS = 3_000;

/** Calls that wait for the end of a run, one after another, beside those that begin runs. */
const WAITING_CALLERS = 4;

/** Effects of the runs that they wait for. */
const SHORT_EFFECTS = 3;

/** kill -9 of a process, of PostgreSQL, and of both at once, under runs of a chain of effects. */
export function postgres(runs = 200, effects = 45): Promise<boolean> {
  const database = async (several: Several): Promise<void> => {
    await several.postgres.kill();
    await several.postgres.start();
  };
  const both = async (several: Several): Promise<void> => {
    await Promise.all([several.at(1).end("SIGKILL"), several.postgres.kill()]);
    const restarted = several.restart(1);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    await several.postgres.start();
    say(`the database was away for ${seconds(AWAY_MS)} s: ${await restarted} starts of the process ended because of it`);
  };
  const deaths: readonly (readonly [share: number, who: string, kill: (several: Several) => Promise<void>])[] = [
    [0.15, "PostgreSQL", database],
    [0.3, `one of ${PROCESSES} processes`, (several) => several.replace(0)],
    [0.5, "PostgreSQL", database],
    [0.7, "another process and PostgreSQL at once", both],
  ];
  return withSeveral(PROCESSES, async (several) => {
    const { key } = await several.at(0).publish(calling("chain", several.effects.port, effects));
    const began = performance.now();
    const beginning = begin(several, key, runs);
    // Whoever waits for it is told; until then what else was begun is to be ended in order.
    beginning.catch(() => undefined);
    const moments: (readonly [who: string, at: number])[] = [];
    for (const [share, who, kill] of deaths) {
      await effectsSeen(several, share * runs * effects);
      moments.push([who, performance.now()]);
      await kill(several);
      say(`after ${Math.round(share * 100)} % of the effects, ${Math.round(performance.now() - began)} ms: killed ${who}`);
    }
    const outcome = await outcomeOf(several, key, await beginning);
    say(`${runs} runs of ${effects} effects, ended after ${seconds(performance.now() - began)} s`);
    sayStandstills(several, moments);
    sayFailures(several);
    const isCalm = sayErrors(several) === 0;
    return judged(outcome, several) && isCalm;
  });
}

/** Each process in its turn is told to stop, and started anew, while runs begin, go on and are waited for. */
export function rolling(runs = 200, effects = 45): Promise<boolean> {
  return withSeveral(PROCESSES, async (several) => {
    const { key } = await several.at(0).publish(calling("chain", several.effects.port, effects));
    const short = await several.at(0).publish(calling("short", several.effects.port, SHORT_EFFECTS));
    const waiters = new Waiters(several, short.key);
    const beginning = begin(several, key, runs);
    // Whoever waits for it is told; until then what else was begun is to be ended in order.
    beginning.catch(() => undefined);
    const moments: (readonly [who: string, at: number])[] = [];
    for (let index = 0; index < PROCESSES; index++) {
      await effectsSeen(several, ((index + 1) / (PROCESSES + 2)) * runs * effects);
      moments.push([`process ${index + 1}`, performance.now()]);
      const going = several.at(index);
      const [{ afterMs, code }] = await Promise.all([going.end("SIGTERM"), several.noticeGoing(going)]);
      const restarted = performance.now();
      several.processes[index] = await several.start();
      say(
        `process ${index + 1} of ${PROCESSES}: told to stop, gone after ${Math.round(afterMs)} ms (exit ${code}), a new one ready ${seconds(performance.now() - restarted)} s later`,
      );
    }
    const ids = [...(await beginning), ...(await waiters.stop())];
    const outcome = await outcomeOf(several, key, ids.slice(0, runs));
    const waited = await outcomeOf(several, short.key, ids.slice(runs));
    sayStandstills(several, moments);
    sayFailures(several);
    say(
      `${waited.runs} short runs that were waited for: ${waited.lost} lost, ${waiters.early} answered before their end, as RUNNING or PENDING`,
    );
    // Effects of both kinds of runs were seen: each kind is foreign to the other.
    const foreign = several.effects.effects.size - outcome.effects - waited.effects;
    const isWhole = judged({ ...outcome, foreign }, several);
    return isWhole && waited.lost + waited.duplicates + several.api.failures.length === 0;
  });
}

/** One of three processes is stopped (SIGSTOP) under load, and goes on when its runs have ended elsewhere. */
export function frozen(secondsFrozen = 30, runs = 100, effects = 20): Promise<boolean> {
  return withSeveral(PROCESSES, async (several) => {
    const { key } = await several.at(0).publish(calling("chain", several.effects.port, effects));
    const ids = await begin(several, key, runs);
    await effectsSeen(several, (runs * effects) / 4);
    // It was there first: webhooks and schedules are seen to by this one.
    const asleep = several.at(0);
    const at = performance.now();
    process.kill(asleep.pid, "SIGSTOP");
    several.leaveOut(asleep);
    const thaw = new Promise<void>((resolve) => setTimeout(resolve, secondsFrozen * 1_000));
    say(`one of ${PROCESSES} processes is frozen for ${secondsFrozen} s, after ${several.effects.effects.size} effects`);
    const duties = dutiesTaken(several.processes.slice(1), at);
    const before = await outcomeOf(several, key, ids);
    sayStandstills(several, [["the frozen process", at]]);
    say(`webhooks and schedules were seen to by another one after ${seconds((await duties) - at)} s`);
    const journals = await journalsOf(several, ids);
    await thaw;
    const seen = several.effects.effects.size;
    process.kill(asleep.pid, "SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    const late = (await journalsOf(several, ids)).filter((journal, index) => journal !== journals[index]).length;
    const refused = asleep.log.filter((line) => line.includes("the lease could not be renewed")).length;
    say(`thawed: it was refused its lease ${refused} times, ${late} journals changed, ${several.effects.effects.size - seen} new effects`);
    return judged(before, several) && late === 0 && refused > 0;
  });
}

/** Resolves with the moment at which one of them says that duties are its own now. */
async function dutiesTaken(processes: readonly Millrace[], since: number): Promise<number> {
  for (;;) {
    if (processes.some(({ log }) => log.some((line) => line.includes("this process sees to webhooks")))) return performance.now();
    if (performance.now() - since > 120_000) throw new Error("nobody took over webhooks and schedules within two minutes");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function journalsOf({ store }: Several, ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map(async (id) => JSON.stringify(await store.runs.journal(DEFAULT_TENANT, id))));
}

/** The longest that a run stood still, from each moment to the next. */
function sayStandstills({ effects }: Several, moments: readonly (readonly [who: string, at: number])[]): void {
  for (const [index, [who, at]] of moments.entries()) {
    const until = moments[index + 1]?.[1] ?? Number.POSITIVE_INFINITY;
    say(`after ${who}: no run stood still for longer than ${seconds(effects.longestStandstillMs(at, until))} s`);
  }
}

/** How many requests failed, and of which kinds. */
function sayFailures({ api: { answered, failures } }: Several): void {
  say(`${failures.length} failed requests of ${answered + failures.length}`);
  sayKinds(failures);
}

/** What the processes called an error, except that the database cannot be reached; returns how many. */
function sayErrors({ everyone }: Several): number {
  const errors = everyone
    .flatMap(({ log }) => log)
    .filter((line) => line.includes('"level":"error"') && !line.includes("StoreUnreachable"));
  say(`${errors.length} other errors in the logs`);
  sayKinds(errors.map((line) => line.replace(/"time":\d+,/, "")));
  return errors.length;
}

function sayKinds(lines: readonly string[]): void {
  const kindOf = (line: string): string => line.replaceAll(/[0-9a-f-]{16,}|(?<=:)\d{4,5}\b/g, "…").slice(0, 200);
  for (const [kind, those] of Map.groupBy(lines, kindOf)) say(`  ${those.length} × ${kind}`);
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/** Callers that wait for the ends of short runs, again and again. */
class Waiters {
  readonly #several: Several;
  readonly #key: string;
  readonly #ids: string[] = [];
  readonly #loops: readonly Promise<void>[];
  /** Answered before the run's end: the process that held the call was told to stop. */
  early = 0;
  #stopped = false;

  constructor(several: Several, key: string) {
    this.#several = several;
    this.#key = key;
    this.#loops = Array.from({ length: WAITING_CALLERS }, () => this.#loop());
  }

  async stop(): Promise<readonly string[]> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    return this.#ids;
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      const { json } = await this.#several.api.call("POST", "/v1/workflow/invoke", { key: this.#key, body: { input: { n: 1 } } });
      if (typeof json["workflowRunId"] === "string") this.#ids.push(json["workflowRunId"]);
      if (json["endTime"] === undefined) this.early += 1;
    }
  }
}
