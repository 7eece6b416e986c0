import { Worker } from "node:worker_threads";
import { inBundle } from "#bundle";
import type { Logger } from "#log";
import { StoreCorrupt } from "#store/errors";
import { storeError } from "#store/sqlite/failure";

/** What a start after an unclean stop waits for the check; the rest of it runs beside the server. */
const CHECK_BUDGET_MS = 30_000;

/** The worker is a module of its own. */
const WORKER = inBundle("integrity-worker.js") ?? new URL("./integrity-worker.ts", import.meta.url);

export interface IntegrityCheck {
  /** Rejects with StoreCorrupt where the database is damaged. Resolves with false when the budget was used up: the check goes on. */
  readonly withinBudget: Promise<boolean>;
  /** The same without a limit; never settles once stopped. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

export function startIntegrityCheck(database: string, log: Pick<Logger, "info">, budgetMs = CHECK_BUDGET_MS): IntegrityCheck {
  const started = performance.now();
  const worker = new Worker(WORKER, { workerData: database });
  let stopped = false;
  const done = new Promise<void>((resolve, reject) => {
    worker.once("message", (findings: readonly string[]) => {
      log.info({ ms: Math.round(performance.now() - started), findings }, "the database was checked after an unclean stop");
      const damage = damageIn(findings);
      if (damage) reject(damage);
      else resolve();
    });
    worker.once("error", (error) => reject(storeError(error)));
    worker.once("exit", () => {
      // After a message this comes too late to matter; without one the check has not been made.
      if (!stopped) reject(new Error("the check of the database ended without a result"));
    });
  });
  const stop = async (): Promise<void> => {
    stopped = true;
    await worker.terminate();
  };
  return { withinBudget: orBudget(done, budgetMs), done, stop };
}

/** Of what a check found; null: nothing is wrong. */
export function damageIn(findings: readonly string[]): StoreCorrupt | null {
  return findings.length === 1 && findings[0] === "ok" ? null : new StoreCorrupt(findings.join("; "));
}

function orBudget(done: Promise<void>, budgetMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), budgetMs);
    done.then(
      () => resolve(true),
      (error: unknown) => reject(error),
    );
    done.finally(() => clearTimeout(timer)).catch(() => undefined);
  });
}
