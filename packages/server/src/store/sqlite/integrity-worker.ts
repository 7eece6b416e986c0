// Checks the structure of the database in a thread of its own: the check of a large database takes long.
import { parentPort, workerData } from "node:worker_threads";
import { quickCheck } from "#store/sqlite/quick-check";

parentPort?.postMessage(quickCheck(String(workerData)));
