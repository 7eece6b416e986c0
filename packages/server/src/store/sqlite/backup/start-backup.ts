import { Worker } from "node:worker_threads";
import type { BackUpOptions } from "#store/sqlite/backup/back-up";

/** The worker lies beside this module, or, as backup-worker.js, beside the bundle that holds it: whoever bundles makes it an entry of its own. */
const WORKER = import.meta.url.endsWith(".ts")
  ? new URL("./backup-worker.ts", import.meta.url)
  : new URL("./backup-worker.js", import.meta.url);

export interface BackupUnderWay {
  /** Rejects where it could not be made, or was stopped. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** As `backUp`, beside everything else that the process does. */
export function startBackup({ progress, ...options }: BackUpOptions): BackupUnderWay {
  const worker = new Worker(WORKER, { workerData: options });
  worker.on("message", (share: number) => progress?.(share));
  const done = new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => (code === 0 ? resolve() : reject(new Error("the backup was stopped"))));
  });
  return { done, stop: async () => void (await worker.terminate()) };
}
