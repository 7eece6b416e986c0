import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Effort, type Outcome, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke, query, runIdOf, terminalAnswer } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { TRACEABLE } from "../harness/strace.ts";

// SIGKILL at the k-th system call of a kind, then a start without a tracer: everything acknowledged has to end, and as it was told.

/** A kill in front of this call, the `when`th time that one thread makes it. */
interface KillPoint {
  readonly calls: string;
  readonly when: number;
  /** Only calls on the database and its log are counted. */
  readonly aimed: boolean;
}

const KINDS = [
  { calls: "pwrite64", aimed: true, most: 240 },
  { calls: "fsync,fdatasync", aimed: true, most: 28 },
  { calls: "fsync,fdatasync", aimed: false, most: 20 },
  { calls: "rename", aimed: false, most: 4 },
  { calls: "write,writev", aimed: false, most: 60 },
] as const;

const AT_ONCE = 4;
const RUNS = 60;
const CLIENTS = 2;

/** Stored beside the database. */
const LARGE = "l".repeat(70_000);

interface Tallies {
  readonly lost: Tally;
  readonly restarts: Tally;
  hits: number;
}

export async function sweepKills({ long }: Effort): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-sweep-"));
  const tallies: Tallies = { lost: new Tally(), restarts: new Tally(), hits: 0 };
  try {
    const key = await prepare(join(folder, "base"));
    const points = killPoints(long ? 200 : 7);
    await eachAtOnce(points, AT_ONCE, async (point, n) => {
      const dataDir = join(folder, `${n}`);
      cpSync(join(folder, "base"), dataDir, { recursive: true });
      await killAt(point, dataDir, key, tallies);
      rmSync(dataDir, { recursive: true });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { lost, restarts, hits } = tallies;
  if (hits * 2 < restarts.tried)
    throw new Error(`only ${hits} of ${restarts.tried} places of a kill were reached: the tracer kills nothing`);
  return {
    counts: [
      lost.count("lost, or other than it was told", "runs acknowledged before a kill at a system call"),
      restarts.count("not started again", "kills at a system call"),
    ],
    facts: { "points that were reached": hits },
    failures: [...lost.failures, ...restarts.failures],
  };
}

/** Spread evenly over each kind of call, the first one included. */
function killPoints(each: number): KillPoint[] {
  return KINDS.flatMap(({ calls, aimed, most }) => {
    const whens = Array.from({ length: each }, (_, n) => 1 + Math.floor((n * most) / each));
    return [...new Set(whens)].map((when) => ({ calls, aimed, when }));
  });
}

/** A server with a workflow, killed, so that the log is there: a tracer finds only files that exist. */
async function prepare(dataDir: string): Promise<string> {
  const server = await startMillrace(settingsFor(dataDir));
  const { key } = await server.publish(echo("swept"));
  await server.end("SIGKILL");
  return key;
}

async function killAt(point: KillPoint, dataDir: string, key: string, tallies: Tallies): Promise<void> {
  const where = `kill at ${point.calls} ${point.when}${point.aimed ? " of the database" : ""}`;
  // One that dies while it starts has acknowledged nothing.
  const server = await startMillrace(settingsFor(dataDir, TRACEABLE), { under: tracer(point, dataDir), quiet: true }).catch(() => null);
  const told = server ? await loadUntilDeath(server, key) : [];
  if (told.length < RUNS) tallies.hits += 1;
  await server?.end("SIGKILL");
  const again = await startMillrace(settingsFor(dataDir)).catch((error: unknown) => String(error));
  tallies.restarts.add(typeof again === "string" ? `${where}: ${again}` : null);
  if (typeof again === "string") return;
  for (const answer of told) tallies.lost.add(await faultOf(again, key, answer, where));
  await again.end("SIGKILL");
}

/** Not with --seccomp-bpf, under which strace 6.1 injects nothing. */
function tracer({ calls, when, aimed }: KillPoint, dataDir: string): string[] {
  const database = join(dataDir, "millrace.db");
  const files = aimed ? ["-P", database, "-P", `${database}-wal`] : [];
  const inject = `inject=${calls}:signal=SIGKILL:when=${when}`;
  return ["strace", "-f", "-qq", "-o", "/dev/null", ...files, "-e", `trace=${calls}`, "-e", inject];
}

/** Sends until the server is gone or everything is sent; what was answered in full counts. */
async function loadUntilDeath(server: Millrace, key: string): Promise<Answer[]> {
  const told: Answer[] = [];
  await eachAtOnce(Array.from({ length: RUNS }), CLIENTS, async (_, n) => {
    const value = n % 3 === 0 ? `${LARGE}${n}` : n;
    const answer = await invoke(server, key, { input: { value }, isAsync: n % 2 === 0 }).catch(() => null);
    if (answer?.status === 200) told.push(answer);
  });
  return told;
}

async function faultOf(server: Millrace, key: string, told: Answer, where: string): Promise<string | null> {
  const id = runIdOf(told);
  if (told.json["status"] === "SUCCEED") {
    const { text, status } = await query(server, key, id);
    return text === told.text ? null : `${where}: ${id} answers ${status} ${text.slice(0, 200)}`;
  }
  const ended = await terminalAnswer(server, key, id);
  return ended.json["status"] === "SUCCEED" ? null : `${where}: ${id} is ${ended.status} ${ended.text.slice(0, 200)}`;
}
