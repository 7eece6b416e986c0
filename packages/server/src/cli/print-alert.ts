import type { AlertView } from "@millrace/contract";

export function alertRow({ id, name, kind, workflowId, workflowName, budgetId, threshold, enabled, state, firedAt, figures }: AlertView) {
  const seen = figures.at(-1);
  return {
    id,
    kind,
    of: workflowName ?? workflowId ?? budgetId ?? "all",
    threshold: threshold ?? "-",
    seen: seen === undefined || seen === null ? "-" : Math.round(seen * 100) / 100,
    state: enabled ? state : "paused",
    fired: firedAt === undefined ? "never" : `${new Date(firedAt).toISOString().slice(0, 16).replace("T", " ")}Z`,
    name: name ?? "",
  };
}
