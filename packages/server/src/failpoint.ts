/**
 * Labelled places where a test makes the process die, throw, hang or wait: `MILLRACE_FAILPOINTS=journal.afterCommit:kill@3`.
 * Where many things pass, `[…]` names the one that is meant: `effect.beforeSend[charge]:kill`.
 * A published build replaces the variable by `undefined`, and with it everything here by nothing.
 */
const SPECIFICATION = process.env["MILLRACE_FAILPOINTS"];

export type Failpoint =
  | "journal.beforeCommit"
  | "journal.afterCommit"
  | "audit.afterChange"
  | "audit.afterCommit"
  | "effect.beforeSend"
  | "effect.afterReply.beforeRecord"
  | "step.beforeRecord"
  | "step.afterRecord"
  | "finish.beforeRecord"
  | "finish.afterRecord.beforeAnswer"
  | "webhook.beforeSend"
  | "webhook.afterSend.beforeRecord"
  | "webhook.afterRecord"
  | "schedule.afterStart.beforeSettle"
  | "bulk.afterSlice.beforeRecord"
  | "claim.afterFence"
  | "checkpoint.mid"
  | "migrate.afterStep"
  | "move.afterBatch"
  | "retention.mid"
  | "backup.beforeRename"
  | "restore.beforeRename"
  | "blob.afterWrite.beforeRename"
  | "knowledge.afterPassages"
  | "knowledge.beforeFinish";

interface Rule {
  /** null: whatever passes. */
  readonly what: string | null;
  readonly action: string;
  /** 0: every time. */
  readonly hit: number;
}

const RULES = new Map<string, Rule>();
const hits = new Map<string, number>();

for (const part of SPECIFICATION?.split(",") ?? []) {
  const [, name, what, action, hit] = /^([\w.]+)(?:\[([\w.-]+)\])?:(kill|throw|hang|delay=\d+)(?:@(\d+))?$/.exec(part.trim()) ?? [];
  if (name === undefined || action === undefined)
    throw new Error(`MILLRACE_FAILPOINTS: "${part}" is not name[what]:kill|throw|hang|delay=MS[@hit]`);
  RULES.set(name, { what: what ?? null, action, hit: Number(hit ?? 0) });
}

/** Passes a failpoint; in a published build nothing. `what`: which of the many that pass here. */
export function failpoint(name: Failpoint, what?: string): void {
  if (SPECIFICATION === undefined) return;
  const rule = RULES.get(name);
  if (!rule || (rule.what !== null && rule.what !== what)) return;
  const count = (hits.get(name) ?? 0) + 1;
  hits.set(name, count);
  if (rule.hit !== 0 && rule.hit !== count) return;
  act(name, rule.action);
}

function act(name: string, action: string): void {
  if (action === "kill") process.kill(process.pid, "SIGKILL");
  if (action === "throw") throw new Error(`failpoint ${name}`);
  const ms = action === "hang" ? Number.POSITIVE_INFINITY : Number(action.split("=")[1] ?? 0);
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
