import type { ApprovalStatus, Language } from "@millrace/contract";
import { type CheckedDecision, checkDecision, type GivenDecision } from "#approvals/check-answer";
import { type Decider, linkedDecider, mayDecide } from "#approvals/decider";
import type { ApprovalLinks, ApprovalTicket } from "#approvals/links";
import type { Clock } from "#clock";
import { RequestError } from "#request-error";
import type { Runtime } from "#runtime/runtime";
import { type ApprovalRow, type ApprovalStore, readApprovalId, type StoredAnswer } from "#store/approval-store";

export interface ApprovalsPorts {
  readonly approvals: ApprovalStore;
  readonly runtime: Pick<Runtime, "answer">;
  readonly links: ApprovalLinks;
  readonly clock: Pick<Clock, "now">;
}

export interface ApprovalsQuery {
  readonly status?: ApprovalStatus;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly before?: string;
  readonly limit: number;
  /** Only those that pass. */
  passes(row: ApprovalRow): boolean;
}

/** Rows of one look into the store. */
const SLICE = 100;

/** Rows that one page looks at: whoever may decide hardly any of very many gets them in more pages. */
const MOST_LOOKED_AT = 1_000;

const HOUR_MS = 3_600_000;

/** What people are asked, and what they answer. */
export class Approvals {
  readonly #ports: ApprovalsPorts;

  constructor(ports: ApprovalsPorts) {
    this.#ports = ports;
  }

  async get(tenantId: string, id: string): Promise<ApprovalRow> {
    const row = await this.#ports.approvals.get(tenantId, id);
    if (!row) throw new RequestError("not_found", { key: "not_found.approval" });
    return row;
  }

  /** `next`: where to go on; null: that is all. */
  async list(tenantId: string, { passes, limit, ...filter }: ApprovalsQuery): Promise<{ rows: ApprovalRow[]; next: string | null }> {
    const rows: ApprovalRow[] = [];
    let before = filter.before;
    for (let seen = 0; seen < MOST_LOOKED_AT; seen += SLICE) {
      const slice = await this.#ports.approvals.list(tenantId, { ...filter, ...(before !== undefined && { before }), limit: SLICE });
      for (const row of slice) {
        if (passes(row)) {
          // A next page is told of only where there is something on it.
          if (rows.length === limit) return { rows, next: before ?? null };
          rows.push(row);
        }
        before = row.id;
      }
      if (slice.length < SLICE) return { rows, next: null };
    }
    return { rows, next: before ?? null };
  }

  /**
   * Resolves once the decision is durable, with the approval as it is then. The same one of the same person twice is one. Throws `not_found`,
   * `not_approver`, `invalid_request`, or `conflict`, which says what was decided.
   */
  async decide(tenantId: string, id: string, decider: Decider, given: GivenDecision, language: Language): Promise<ApprovalRow> {
    const { approvals, runtime } = this.#ports;
    const row = await this.get(tenantId, id);
    if (!mayDecide(row.about.approvers, decider)) throw new RequestError("not_approver");
    const decision = checkDecision(row.about, given, language);
    const { runId, seq } = readApprovalId(id) ?? { runId: row.runId, seq: -1 };
    if (row.status === "OPEN") {
      const { person, by } = decider;
      const answered = await runtime.answer(tenantId, runId, seq, { person, by, ...decision });
      if (answered === "taken") return this.get(tenantId, id);
    }
    const now = (await approvals.get(tenantId, id)) ?? row;
    if (now.answers.some((answer) => answer.person === decider.person && isSame(answer, decision))) return now;
    throw refusal(now, decider);
  }

  /** A link for one person, and when it ends. Throws `not_found`, `not_approver`, or `conflict` where nothing is left to decide. */
  async link(tenantId: string, id: string, name: string, hours: number): Promise<{ token: string; person: string; expiresAt: number }> {
    const row = await this.get(tenantId, id);
    const person = name.trim();
    if (!mayDecide(row.about.approvers, linkedDecider(person)))
      throw new RequestError("not_approver", { key: "not_approver.link", params: { name: person } });
    if (row.status !== "OPEN") throw refusal(row, linkedDecider(person));
    const expiresAt = this.#ports.clock.now() + hours * HOUR_MS;
    return { token: this.#ports.links.sign({ tenantId, approvalId: id, person, expiresAt }), person, expiresAt };
  }

  /** What the page of a link has to send back. */
  proof(token: string): string {
    return this.#ports.links.proof(token);
  }

  isProof(token: string, given: string): boolean {
    return this.#ports.links.isProof(token, given);
  }

  /** What the link is for; null: it is none, or no more. */
  async open(token: string): Promise<{ ticket: ApprovalTicket; row: ApprovalRow } | null> {
    const ticket = this.#ports.links.verify(token, this.#ports.clock.now());
    const row = ticket && (await this.#ports.approvals.get(ticket.tenantId, ticket.approvalId));
    return row && { ticket, row };
  }
}

function isSame(answer: StoredAnswer, { action, form, comment }: CheckedDecision): boolean {
  return answer.action === action && answer.comment === comment && JSON.stringify(answer.form) === JSON.stringify(form);
}

/** Why no answer is taken (any more): what was decided, by whom and when. */
function refusal({ status, answers, endedAt }: ApprovalRow, { person }: Decider): RequestError {
  const own = answers.find((answer) => answer.person === person);
  const last = answers.at(-1);
  if (status === "DECIDED" && last) {
    const params = { action: last.action, by: last.by, at: new Date(last.at).toISOString() };
    return new RequestError("conflict", { key: "conflict.approval_decided", params });
  }
  const at = new Date(endedAt ?? 0).toISOString();
  if (status === "TIMED_OUT") return new RequestError("conflict", { key: "conflict.approval_timed_out", params: { at } });
  if (status === "OPEN" && own)
    return new RequestError("conflict", {
      key: "conflict.approval_answered",
      params: { action: own.action, at: new Date(own.at).toISOString() },
    });
  return new RequestError("conflict", { key: "conflict.approval_closed" });
}
