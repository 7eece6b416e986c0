import type { Outcome } from "./check.ts";

/** Below this share of operations that went well, a check has not seen the server work. */
const LEAST_OK = 0.5;

/** Why the outcome breaks the promise, or proves nothing; empty when it holds. */
export function faultsOf({ counts, operations }: Outcome): string[] {
  const faults = counts.flatMap(({ what, failed, of, tried }) => {
    if (of === 0) return [`no ${tried} were tried`];
    return failed === 0 ? [] : [`${failed} ${what}`];
  });
  if (counts.length === 0) faults.push("nothing was counted");
  if (operations === undefined) return faults;
  const { ok, failed, unknown } = operations;
  const all = ok + failed + unknown;
  if (all === 0 || ok / all < LEAST_OK) faults.push(`only ${ok} of ${all} operations were ok`);
  return faults;
}

const grouped = (value: number): string => value.toLocaleString("en-US");

/** The figure in one line: every count beside what was tried, then what else was measured. */
export function figureText({ counts, facts = {}, operations }: Outcome): string {
  const parts = counts.map(({ what, failed, of, tried }) => `${grouped(failed)} ${what} of ${grouped(of)} ${tried}`);
  for (const [name, value] of Object.entries(facts)) parts.push(`${name} ${typeof value === "number" ? grouped(value) : value}`);
  if (operations) parts.push(`operations ${operations.ok} ok, ${operations.failed} failed, ${operations.unknown} unknown`);
  return parts.join("; ");
}
