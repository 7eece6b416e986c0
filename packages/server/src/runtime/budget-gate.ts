import type { MessageKey } from "@millrace/contract";

/** Whose budgets a step falls under. Of a called run key and user are those of the run that called. */
export interface Payer {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly keyId: string | null;
  readonly userId: string | null;
}

/** The seam to what may be spent. */
export interface BudgetGate {
  /** The message of the budget that is used up, in time; null at once where none holds for the payer. */
  refusal(payer: Payer): Promise<MessageKey | null> | null;
  /** Calls exactly one of the two, at once or later, unless the step leaves first. */
  enter(payer: Payer, step: PaidStep): Entered;
}

export interface PaidStep {
  /** It may begin. */
  begin(): void;
  /** Nothing is left of a budget. */
  refuse(message: MessageKey): void;
}

export interface Entered {
  /** What it cost (units of 10^-12 credits) is in the store, or nobody will ever know; once, whether it had begun or not. */
  leave(credits: bigint): void;
}
