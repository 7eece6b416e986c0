import { CliError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";

/** A stop that takes longer is cut off: supervisors kill after ten seconds, and the journal is durable at every moment. */
const STOP_MS = 9_000;

/** Resolves when the server was asked to end and has ended. A second Ctrl+C does not wait. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  process.removeAllListeners("SIGINT");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  process.once("SIGINT", () => process.exit(EXIT.interrupted));
  const late = new CliError("stop_timeout", "the server did not stop in time; unfinished runs go on at the next start", EXIT.unknown);
  const timer = new Promise<never>((_, reject) => setTimeout(() => reject(late), STOP_MS).unref());
  await Promise.race([stop(), timer]);
}
