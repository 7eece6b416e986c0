import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Place } from "../forms/forms.ts";
import { evidenceOf } from "../harness/evidence.ts";

const LIFE = new URL("../testing/webhook-life.ts", import.meta.url).pathname;

/** Runs to accept of each kind of receiver: of one that answers, of one that hangs. */
export interface Each {
  readonly quick: number;
  readonly hanging: number;
}

export interface LifeOptions {
  /** Of the server's package: the sources, or a copy with a planted bug. */
  readonly folder: string;
  readonly dataDir: string;
  /** Of a server whose data is on PostgreSQL. */
  readonly database?: Pick<Place, "databaseUrl" | "secretKey">;
  /** Every time that the clock was moved to, a line each. */
  readonly clockFile: string;
  readonly startAt: number;
  /** Of one attempt, in real time. */
  readonly timeoutMs: number;
  readonly port: number;
  readonly downPort: number;
  /** Of a life that accepts runs; absent: one that delivers. */
  readonly each?: Each;
}

export interface DeliveredRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly url: string;
  readonly state: string;
  /** As a query answers it. */
  readonly body: string;
  readonly attempts: readonly { readonly startedAt: number; readonly endedAt: number }[];
}

export interface LifeReport {
  readonly runs: readonly DeliveredRun[];
  readonly secrets: { readonly [workflowId: string]: string };
  /** Every time that the clock stood at, in order. */
  readonly moves: readonly number[];
}

const programFor = (options: LifeOptions) => [LIFE, JSON.stringify(options)];

/** Resolves with whether it was killed; where nothing is left to be killed at, it ends by itself. */
export async function liveUntilKilled(options: LifeOptions, failpoint?: string): Promise<boolean> {
  const env = { ...process.env, ...(failpoint !== undefined && { MILLRACE_FAILPOINTS: failpoint }) };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...programFor(options)], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal] = await once(child, "exit");
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`a life ended with ${code ?? signal}`);
  return signal === "SIGKILL";
}

/** Until nothing is due any more. Rejects with NoEvidence where that takes more than `cpuSeconds` of processors. */
export function liveToTheEnd(options: LifeOptions, cpuSeconds?: number): Promise<LifeReport> {
  return evidenceOf<LifeReport>(programFor(options), cpuSeconds);
}
