// The program of the threads that write: commits wait for the disk, and whoever answers requests should not.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { openWriter } from "#store/sqlite/connections";
import { WriterFigures } from "#store/sqlite/writer/figures";
import { LogCopier, startCopying } from "#store/sqlite/writer/log-copier";
import type { ThreadTask } from "#store/sqlite/writer/protocol";
import { startWriteLoop } from "#store/sqlite/writer/write-loop";

const { database, task, channel, figures, logBytes } = workerData as ThreadTask;
if (parentPort && task === "copy") startCopying(openWriter(database), parentPort);
if (channel) {
  const copy: ThreadTask = { database, task: "copy" };
  const copier = new LogCopier(() => new Worker(new URL(import.meta.url), { workerData: copy }));
  startWriteLoop(openWriter(database), channel, new WriterFigures(figures), copier, logBytes);
}
