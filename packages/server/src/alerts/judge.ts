import { ALERT_KIND_FACTS } from "@millrace/contract";
import type { AlertEventRow, AlertRow, AlertStanding } from "#store/alert-store";

// What follows from a look at a rule. Invariants:
// L1. While what it tells of goes on, a rule fires once.
// L2. Within the quiet period after it fired it does not fire again, whatever comes and goes meanwhile.
// L3. It recovers only from what it has fired for.

/** Does the figure ask for an alert? null: there was too little to say, which does not. */
function isBreached({ kind, threshold, windowMs }: AlertRow, figure: number | null): boolean {
  if (figure === null) return false;
  const { compares } = ALERT_KIND_FACTS[kind];
  if (compares === "window") return figure > (windowMs ?? 0);
  return compares === "above" ? figure > (threshold ?? 0) : figure >= (threshold ?? 0);
}

export interface Verdict {
  readonly next: AlertStanding;
  readonly tells: AlertEventRow["type"];
}

/** null: all stays as it is. */
export function verdictOf(alert: AlertRow, figure: number | null, now: number): Verdict | null {
  const { state, firedAt, quietMs } = alert;
  const breached = isBreached(alert, figure);
  if (state === "firing") return breached ? null : { next: { state: "ok", firedAt }, tells: "recovered" };
  const isQuiet = firedAt !== null && now < firedAt + quietMs;
  return breached && !isQuiet ? { next: { state: "firing", firedAt: now }, tells: "fired" } : null;
}
