import type { RunState } from "@millrace/engine";
import type { EngineServices } from "#config/engine-addresses";
import type { RecordedRun } from "#runtime/attempts/run-record";
import type { NextLife } from "#runtime/restate/cut-off-lives";
import type { HostedAttemptPorts } from "#runtime/restate/hosted-attempt";
import type { HostedJournal } from "#runtime/restate/hosted-journal";
import type { HostedLimits } from "#runtime/restate/hosted-limits";
import type { HostedTurn } from "#runtime/restate/hosted-turn";
import type { SharedStore } from "#store/shared-store";

export interface HostedRunPorts extends HostedAttemptPorts {
  readonly shared: SharedStore;
  readonly limits: HostedLimits;
  readonly engine: { readonly services: EngineServices };
  /** Runs of drafts that were to die during an attempt, and have. */
  readonly crashed: Set<string>;
  /** The run's end is durable. */
  ended(tenantId: string, state: RunState): void;
}

export interface HostedRecord extends RecordedRun {
  readonly journal: HostedJournal;
  /** null: no limit holds for the run. */
  readonly turn: HostedTurn | null;
  /** null: it has ended, and nothing is carried out. */
  readonly life: NextLife | null;
}
