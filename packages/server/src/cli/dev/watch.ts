import { watch } from "node:fs";
import type { CliContext } from "#cli/context";

/** Editors write a file in several steps; a change is looked at when none has followed for so long. */
const SETTLE_MS = 100;

/** Calls back after changes in the folder, one call at a time. Returns the way to stop. */
export function watchFolder(context: CliContext, folder: string | null, changed: () => Promise<void>): () => void {
  if (folder === null) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  const look = () => {
    last = last.then(changed).catch(tell);
  };
  const tell = (error: unknown) => context.output.problem(`  changes of ${folder} are not seen: ${(error as Error).message}\n`);
  const watcher = watch(folder, () => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE_MS);
  });
  watcher.on("error", tell);
  // What changed before the watch began.
  look();
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
