export const APPROVAL_VIEWS = ["OPEN", "DECIDED", "TIMED_OUT", "CANCELLED"] as const;

export interface ApprovalsSearch {
  readonly status?: (typeof APPROVAL_VIEWS)[number] | undefined;
}

export function approvalsSearch(given: Readonly<Record<string, unknown>>): ApprovalsSearch {
  return { status: APPROVAL_VIEWS.find((one) => one === given["status"]) };
}
