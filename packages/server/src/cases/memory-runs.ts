import type { Entry, RunFinished } from "@millrace/engine";
import type { DrivenRuns } from "#runtime/driven-runs";
import type { ApprovalRow } from "#store/approval-store";
import { Fenced } from "#store/errors";
import type { Claim, ClaimedRun, NewRun, RunContents, RunRow, RunStore, RunSummary, Sleep } from "#store/store";

interface Kept {
  readonly tenantId: string;
  readonly run: NewRun;
  readonly entries: Entry[];
  summary: RunSummary;
  fence: number;
  sleep: Sleep | null;
}

/** The runs of one case: what a store promises while the process lives, and nothing that outlives it. */
export class MemoryRuns implements DrivenRuns, Pick<RunStore, "view"> {
  readonly #runs = new Map<string, Kept>();
  readonly #approvals = new Map<string, ApprovalRow>();

  /** What people are asked at the moment, in the order in which they were asked. */
  get openApprovals(): readonly ApprovalRow[] {
    return [...this.#approvals.values()].filter(({ status }) => status === "OPEN");
  }

  readonly accept: RunStore["accept"] = async (tenantId, run, entries, summary, { approvals = [] } = {}) => {
    this.#runs.set(run.id, { tenantId, run, entries: [...entries], summary, fence: 1, sleep: null });
    this.#note(approvals);
    return { tenantId, runId: run.id, fence: 1 };
  };

  readonly append: RunStore["append"] = async (claim, entries, summary, approvals = []) => {
    const kept = this.#claimed(claim);
    kept.entries.push(...entries);
    kept.summary = summary;
    this.#note(approvals);
  };

  readonly sleep: RunStore["sleep"] = async (claim, sleep) => {
    this.#claimed(claim).sleep = sleep;
  };

  readonly wake: RunStore["wake"] = async (_owner, at, limit) => {
    const due = [...this.#runs.values()].filter(({ sleep }) => sleep !== null && sleep.until !== null && sleep.until <= at);
    return due
      .toSorted((a, b) => (a.sleep?.until ?? 0) - (b.sleep?.until ?? 0))
      .slice(0, limit)
      .map(claimAnew);
  };

  readonly wakeOne: RunStore["wakeOne"] = async (_owner, _tenantId, runId) => {
    const kept = this.#runs.get(runId);
    return kept?.sleep ? claimAnew(kept) : null;
  };

  readonly lastEntry: RunStore["lastEntry"] = async (tenantId, runId) => (await this.journal(tenantId, runId)).at(-1) ?? null;

  readonly owned: RunStore["owned"] = async () => [];

  readonly giveBack: RunStore["giveBack"] = async () => undefined;

  readonly nextWakeAt: RunStore["nextWakeAt"] = async () => {
    const times = [...this.#runs.values()].flatMap(({ sleep }) => (sleep?.until == null ? [] : [sleep.until]));
    return times.length === 0 ? null : Math.min(...times);
  };

  readonly asleep: RunStore["asleep"] = async (_tenantId, runId) => this.#runs.get(runId)?.sleep ?? null;

  readonly get: RunStore["get"] = async (_tenantId, _workflowId, runId) => {
    const kept = this.#runs.get(runId);
    return kept ? rowOf(kept) : null;
  };

  readonly view: RunStore["view"] = async (_tenantId, _workflowId, runId) => {
    const kept = this.#runs.get(runId);
    return kept ? contentsOf(kept) : null;
  };

  readonly journal: RunStore["journal"] = async (_tenantId, runId) => this.entriesOf(runId);

  // A case has one process: nobody's runs are ever left behind.
  readonly takeOver: RunStore["takeOver"] = async () => [];
  readonly takeHanded: RunStore["takeHanded"] = async () => [];
  readonly resign: RunStore["resign"] = async () => undefined;
  readonly suspect: RunStore["suspect"] = async () => [];
  readonly takeAside: RunStore["takeAside"] = async () => null;

  entriesOf(runId: string): readonly Entry[] {
    return this.#runs.get(runId)?.entries ?? [];
  }

  #claimed({ runId, fence }: Claim): Kept {
    const kept = this.#runs.get(runId);
    if (!kept || kept.fence !== fence || kept.sleep !== null || kept.summary.endedAt !== null) throw new Fenced(runId);
    return kept;
  }

  #note(approvals: readonly ApprovalRow[]): void {
    for (const row of approvals) this.#approvals.set(row.id, row);
  }
}

function claimAnew(kept: Kept): ClaimedRun {
  kept.sleep = null;
  kept.fence += 1;
  const claim = { tenantId: kept.tenantId, runId: kept.run.id, fence: kept.fence };
  return { claim, run: rowOf(kept), entries: [...kept.entries], orphaned: false };
}

function rowOf({ run: { owner: _, ...run }, summary }: Kept): RunRow {
  return { ...run, ...summary };
}

function contentsOf(kept: Kept): RunContents {
  const [accepted] = kept.entries;
  const finished = kept.entries.find((entry): entry is Entry & RunFinished => entry.type === "run-finished");
  const input = accepted?.type === "run-accepted" ? accepted.input : {};
  const { code, type, message } = finished?.error ?? {};
  const error = code === undefined || type === undefined || message === undefined ? null : { code, type, message };
  return { ...rowOf(kept), input, output: finished?.output ?? null, error };
}
