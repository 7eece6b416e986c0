import { Webhook } from "standardwebhooks";
import { Tally } from "../frame/check.ts";
import { KINDS, type Kind } from "./kinds.ts";
import type { DeliveredRun, LifeReport } from "./life.ts";
import type { Received } from "./receiver.ts";

// What the promise says, in its own words; none of it is taken from the server.

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const WAITS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const JITTER = 0.1;

export interface Judged {
  /** In a state that is none of an end, or in another than its receiver makes of it. */
  readonly ends: Tally;
  readonly waits: Tally;
  readonly ids: Tally;
  readonly bodies: Tally;
  readonly signatures: Tally;
  readonly redirects: Tally;
  /** Requests beyond the attempts on record: what a killed server had sent and not recorded. */
  readonly duplicates: number;
  /** Kind → how its deliveries ended. */
  readonly table: { readonly [kind: string]: string };
}

export async function judge({ runs, secrets, moves }: LifeReport, received: readonly Received[], startAt: number): Promise<Judged> {
  const [ends, waits, ids, bodies, signatures, redirects] = Array.from({ length: 6 }, () => new Tally()) as [
    Tally,
    Tally,
    Tally,
    Tally,
    Tally,
    Tally,
  ];
  const ofRun = new Map(runs.map((run) => [idOf(run), run]));
  for (const run of runs) {
    const kind = kindOf(run.url);
    const attempts = run.attempts.length;
    const isWhole = kind.ends !== "failed" || attempts === WAITS_MS.length + 1;
    ends.add(run.state === kind.ends && isWhole ? null : `${run.url}: ${run.state} after ${attempts} attempts`);
    for (const fault of waitFaults(run, kind, moves, startAt)) waits.add(fault);
  }
  for (const one of received) {
    const run = ofRun.get(one.id);
    redirects.add(one.url.startsWith("/followed") ? one.url : null);
    ids.add(run && new URL(run.url).pathname === one.url.split("?")[0] ? null : `${one.url}: ${one.id}`);
    if (!run) continue;
    bodies.add(tellsOf(one, run) ? null : `${one.url}: ${one.body} where a query answers ${run.body}`);
    const secret = secrets[run.workflowId] ?? "";
    signatures.add((await isSigned(one, secret)) ? null : `${one.url}: ${one.signatures}`);
  }
  const attempts = runs.reduce((sum, run) => sum + run.attempts.length, 0);
  const refused = runs.filter(({ url }) => kindOf(url).isDownAtFirst).reduce((sum, run) => sum + run.attempts.length - 1, 0);
  return { ends, waits, ids, bodies, signatures, redirects, duplicates: received.length + refused - attempts, table: tableOf(runs) };
}

function idOf({ runId }: DeliveredRun): string {
  return `msg_${runId.replaceAll("-", "")}_0`;
}

function kindOf(url: string): Kind {
  const name = new URL(url).pathname.split("/")[1];
  const kind = KINDS.find((candidate) => candidate.name === name);
  if (!kind) throw new Error(`no kind has ${url}`);
  return kind;
}

/**
 * One entry a wait, null where it is as promised. The clock moves in steps: an attempt fell due after the step before its own, at its own
 * at the latest. The range of its wait and that of the promise must have something in common.
 */
function waitFaults({ url, attempts }: DeliveredRun, kind: Kind, moves: readonly number[], startAt: number): (string | null)[] {
  return attempts.map(({ startedAt }, n) => {
    const after = attempts[n - 1]?.endedAt ?? startAt;
    const least = n === 0 ? 0 : Math.max(WAITS_MS[n - 1] ?? Number.POSITIVE_INFINITY, n === 1 ? (kind.retryAfterMs ?? 0) : 0);
    const most = least === kind.retryAfterMs ? least : least * (1 + JITTER);
    const dueAfter = moves.findLast((at) => at < startedAt) ?? Number.NEGATIVE_INFINITY;
    const kept = startedAt - after >= least && dueAfter - after < most;
    return kept
      ? null
      : `${url}: attempt ${n + 1} came ${startedAt - after} ms after the one before, where ${least} to ${most} are promised`;
  });
}

function tellsOf({ method, url, body }: Received, run: DeliveredRun): boolean {
  if (method !== "GET") return body === run.body;
  const query = new URLSearchParams(url.split("?")[1]);
  return body === "" && query.get("workflowRunId") === run.runId && query.get("status") === "SUCCEED";
}

/** By the reference library of Standard Webhooks, and by Web Crypto with the words of the standard. */
async function isSigned({ id, timestamp, signatures, body }: Received, secret: string): Promise<boolean> {
  const byLibrary = new Webhook(secret).sign(id, new Date(Number(timestamp) * SECOND), body);
  const bytes = Buffer.from(secret.slice("whsec_".length), "base64");
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const [version, base64 = ""] = signatures.split(",");
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  return version === "v1" && signatures === byLibrary && crypto.subtle.verify("HMAC", key, Buffer.from(base64, "base64"), content);
}

function tableOf(runs: readonly DeliveredRun[]): { [kind: string]: string } {
  const table: { [kind: string]: string } = {};
  for (const { what, name } of KINDS) {
    const states = runs.filter(({ url }) => kindOf(url).name === name).map(({ state }) => state);
    const counts = [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} ${state}`);
    table[what] = counts.join(", ");
  }
  return table;
}
