import type { BudgetGate } from "#runtime/budget-gate";

/** Nothing bounds what runs spend. */
export const NO_BUDGETS: BudgetGate = {
  refusal: () => null,
  enter: (_, step) => {
    step.begin();
    return { leave: () => undefined };
  },
};
