// Makes a backup in a thread of its own: checking a large copy and reading it back take long, and would hold up every request.
import { parentPort, workerData } from "node:worker_threads";
import { type BackUpOptions, backUp } from "#store/sqlite/backup/back-up";

await backUp({ ...(workerData as BackUpOptions), progress: (share) => parentPort?.postMessage(share) });
