import type { RunStore, SuspectStore } from "#store/store";

/** What driving runs asks of the store. */
export type DrivenRuns = Pick<
  RunStore,
  | ("accept" | "append" | "sleep" | "takeOver" | "takeHanded" | "wake" | "wakeOne" | "nextWakeAt" | "asleep" | "get" | "view")
  | ("owned" | "giveBack" | "journal" | "lastEntry")
> &
  SuspectStore;
