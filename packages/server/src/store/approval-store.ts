import type { ApprovalAbout, ApprovalStatus, JsonObject } from "@millrace/contract";

/** Questions that runs have put to people. The journal is the truth; these rows are written with its entries, to be found and listed. */
export interface ApprovalStore {
  get(tenantId: string, id: string): Promise<ApprovalRow | null>;
  /** Newest runs first. */
  list(tenantId: string, filter: ApprovalFilter): Promise<readonly ApprovalRow[]>;
}

export interface ApprovalRow {
  /** `approvalId` of the run and of the entry that asked. */
  readonly id: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly nodeId: string;
  readonly nodeName: string;
  readonly path: string;
  readonly about: ApprovalAbout;
  readonly askedAt: number;
  /** null: however long it takes. */
  readonly until: number | null;
  /** Oldest first; with DECIDED, the last is the one that counted. */
  readonly answers: readonly StoredAnswer[];
  readonly status: ApprovalStatus;
  readonly endedAt: number | null;
}

export interface StoredAnswer {
  readonly action: string;
  /** The same for the same person, however they came. */
  readonly person: string;
  readonly by: string;
  readonly form: JsonObject;
  readonly comment: string | null;
  readonly at: number;
}

export interface ApprovalFilter {
  readonly status?: ApprovalStatus;
  readonly workflowId?: string;
  readonly runId?: string;
  /** Id of the last one seen. */
  readonly before?: string;
  readonly limit: number;
}

/** `seq`: number of the journal entry that asked, which sorts as text within the run's. */
export function approvalId(runId: string, seq: number): string {
  return `${runId}-${seq.toString().padStart(SEQ_DIGITS, "0")}`;
}

/** The number of the entry that asked, and its run; null: no approval has such an id. */
export function readApprovalId(id: string): { readonly runId: string; readonly seq: number } | null {
  const [, runId = "", digits = ""] = /^([0-9a-f-]{36})-(\d{1,12})$/.exec(id) ?? [];
  const seq = Number(digits);
  return runId !== "" && approvalId(runId, seq) === id ? { runId, seq } : null;
}

const SEQ_DIGITS = 6;
