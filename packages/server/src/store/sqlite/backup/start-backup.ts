import { Worker } from "node:worker_threads";
import { inBundle } from "#bundle";
import type { BackUpOptions } from "#store/sqlite/backup/back-up";

const WORKER = inBundle("backup-worker.js") ?? new URL("./backup-worker.ts", import.meta.url);

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
