import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { plantServer } from "../harness/plant.ts";
import { FAILED_SYNC_BUG } from "../harness/planted-bugs.ts";
import { eachAtOnce, falsehood, invoke } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { straceProblem, TRACEABLE } from "../harness/strace.ts";

/** An error that the kernel answers from the `when`th call of one thread on. */
interface Injection {
  readonly calls: string;
  readonly error: "EIO" | "ENOSPC" | "EMFILE" | "EAGAIN";
  readonly when: number;
  /** Calls on the write-ahead log alone. */
  readonly log: boolean;
  /** The process has to end with a status of its own: what the disk holds is unknown. */
  readonly fatal: boolean;
}

const KINDS: readonly Omit<Injection, "when">[] = [
  { calls: "fsync,fdatasync", error: "EIO", log: true, fatal: true },
  { calls: "pwrite64", error: "EIO", log: true, fatal: true },
  { calls: "pwrite64", error: "ENOSPC", log: true, fatal: false },
  { calls: "openat", error: "EMFILE", log: false, fatal: false },
];

const CLIENTS = 2;

/** Of a load that comes to the `when`th call for certain, also where clients share the flushes of the disk. */
const runsUntil = (when: number): number => Math.max(40, CLIENTS * when);

/** Servers at the same time: most of their calls wait. */
const AT_ONCE = 4;

const LARGE = "l".repeat(70_000);

/** A call that has no answer by then hangs. */
const PATIENCE_MS = 20_000;

/** Done, or to be tried again. */
const KNOWN = new Set([200, 503]);

interface Tallies {
  readonly falsely: Tally;
  readonly hung: Tally;
  readonly refused: Tally;
  readonly fatal: Tally;
  readonly again: Tally;
}

export const o8: Check = {
  id: "O8",
  property:
    "A store that fails, or that another program holds, costs requests and not truth: nothing is falsely acknowledged, none hangs, and a failed fsync ends the process",
  notOn: OF_THE_FILE,
  needs: "linux",
  waits: true,
  run: async ({ long }: Effort) => {
    const problem = straceProblem();
    const tallies: Tallies = { falsely: new Tally(), hung: new Tally(), refused: new Tally(), fatal: new Tally(), again: new Tally() };
    const each = long ? 25 : 4;
    const injections =
      problem === null ? KINDS.flatMap((kind) => Array.from({ length: each }, (_, n) => ({ ...kind, when: 3 + n * 9 }))) : [];
    await eachAtOnce(injections, AT_ONCE, (injection) => withDataDir((dataDir) => inject(injection, dataDir, tallies)));
    await withDataDir((dataDir) => holdTheLock(dataDir, tallies));
    const planted = new Tally();
    if (problem === null) planted.add(await isBlind());
    const { falsely, hung, refused, fatal, again } = tallies;
    return {
      counts: [
        falsely.count("falsely acknowledged", "runs acknowledged around an error"),
        hung.count("without an answer", "requests"),
        refused.count("answered otherwise than 200 or 503", "requests around an error that passes"),
        fatal.count("not ended with a status", "servers whose disk failed"),
        again.count("not started again", "stores after an error"),
        planted.count("not found", "planted bugs"),
      ],
      facts: { injections: problem === null ? injections.length : `skipped: ${problem}` },
      failures: [falsely, hung, refused, fatal, again, planted].flatMap(({ failures }) => failures),
    };
  },
};

async function prepare(dataDir: string): Promise<string> {
  const server = await startMillrace(settingsFor(dataDir));
  const { key } = await server.publish(echo("failing-store"));
  // The log stays: a tracer finds only files that exist.
  await server.end("SIGKILL");
  return key;
}

function tracer({ calls, error, when, log }: Injection, dataDir: string): string[] {
  const files = log ? ["-P", join(dataDir, "millrace.db-wal")] : ["-P", join(dataDir, "blobs")];
  return ["strace", "-f", "-qq", "-o", "/dev/null", ...files, "-e", `trace=${calls}`, "-e", `inject=${calls}:error=${error}:when=${when}+`];
}

async function inject(injection: Injection, dataDir: string, tallies: Tallies, server?: string): Promise<void> {
  const key = await prepare(dataDir);
  const where = `${injection.error} at ${injection.calls} ${injection.when}`;
  const settings = settingsFor(dataDir, { ...TRACEABLE, MILLRACE_LOG_LEVEL: "silent" });
  const options = { under: tracer(injection, dataDir), quiet: true, ...(server !== undefined && { server }) };
  const failing = await startMillrace(settings, options).catch(() => null);
  const runs = runsUntil(injection.when);
  const told = failing ? await load(failing, key, { where, runs, fatal: injection.fatal }, tallies) : [];
  if (failing) {
    const exit = await Promise.race([failing.ended, pause(injection.fatal ? PATIENCE_MS : 0, null)]);
    if (injection.fatal)
      tallies.fatal.add(exit !== null && exit.code !== null && exit.code > 0 ? null : `${where}: ${JSON.stringify(exit)}`);
    await failing.end("SIGKILL");
  }
  const again = await startMillrace(settingsFor(dataDir)).catch((error: unknown) => String(error));
  tallies.again.add(typeof again === "string" ? `${where}: ${again}` : null);
  if (typeof again === "string") return;
  await addFalsehoods(again, key, told, where, tallies);
  await again.end("SIGKILL");
}

interface Load {
  readonly where: string;
  readonly runs: number;
  readonly fatal: boolean;
}

/** Calls one after another; what was acknowledged. */
async function load(server: Millrace, key: string, { where, runs, fatal }: Load, { hung, refused }: Tallies): Promise<Answer[]> {
  const told: Answer[] = [];
  await eachAtOnce(Array.from({ length: runs }), CLIENTS, async (_, n) => {
    const call = invoke(server, key, { input: { value: n % 4 === 0 ? `${LARGE}${n}` : n } }).catch(() => "gone" as const);
    const answer = await Promise.race([call, pause(PATIENCE_MS, null)]);
    hung.add(answer === null ? `${where}: call ${n}` : null);
    if (answer !== null && answer !== "gone" && !fatal)
      refused.add(KNOWN.has(answer.status) ? null : `${where}: ${answer.status} ${answer.text}`);
    if (answer !== null && answer !== "gone" && answer.status === 200) told.push(answer);
  });
  return told;
}

async function addFalsehoods(server: Millrace, key: string, told: readonly Answer[], where: string, { falsely }: Tallies): Promise<void> {
  for (const answer of told) {
    const found = await falsehood(server, key, answer);
    falsely.add(found === null ? null : `${where}: ${found}`);
  }
}

/** Another program holds the database for a moment that is longer than the server waits. */
async function holdTheLock(dataDir: string, tallies: Tallies): Promise<void> {
  const server = await startMillrace(settingsFor(dataDir, { MILLRACE_LOG_LEVEL: "silent" }));
  const { key } = await server.publish(echo("held-store"));
  const other = new DatabaseSync(join(dataDir, "millrace.db"));
  other.exec("BEGIN EXCLUSIVE");
  const loading = load(server, key, { where: "a lock from outside", runs: runsUntil(0), fatal: false }, tallies);
  await pause(7_000);
  other.exec("ROLLBACK");
  other.close();
  const told = await loading;
  const after = await invoke(server, key, { input: { value: 1 } });
  tallies.again.add(after.status === 200 ? null : `after a lock from outside: ${after.status} ${after.text}`);
  await addFalsehoods(server, key, told, "a lock from outside", tallies);
  await server.end("SIGKILL");
}

/** A server that goes on after a failed fsync has to be found out; otherwise the bug's name. */
async function isBlind(): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-planted-"));
  const tallies: Tallies = { falsely: new Tally(), hung: new Tally(), refused: new Tally(), fatal: new Tally(), again: new Tally() };
  const injection: Injection = { calls: "fsync,fdatasync", error: "EIO", when: 3, log: true, fatal: false };
  try {
    const server = await plantServer([FAILED_SYNC_BUG], folder);
    await withDataDir((dataDir) => inject(injection, dataDir, tallies, server));
    return tallies.falsely.failed + tallies.fatal.failed > 0 ? null : `not found: ${FAILED_SYNC_BUG.name}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
