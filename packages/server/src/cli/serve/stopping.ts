import { CliError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";
import type { Settings } from "#config/settings";

/** After its grace a stop that takes longer is cut off: supervisors kill after ten seconds, and the journal is durable at every moment. */
const STOP_MS = 9_000;

/** Resolves when the process is asked to end. Listens from now on: who is told that the server runs may end it at once. */
export function stopRequest(): Promise<void> {
  process.removeAllListeners("SIGINT");
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

/** Ends what runs, which answers for a grace before. A second Ctrl+C does not wait. */
export async function stopNow(stop: () => Promise<void>, { stopGraceMs }: Pick<Settings, "stopGraceMs">): Promise<void> {
  process.once("SIGINT", () => process.exit(EXIT.interrupted));
  const late = new CliError("stop_timeout", "the server did not stop in time; unfinished runs go on at the next start", EXIT.unknown);
  const timer = new Promise<never>((_, reject) => setTimeout(() => reject(late), stopGraceMs + STOP_MS).unref());
  await Promise.race([stop(), timer]);
}
