import type { ApprovalView } from "@millrace/contract";
import { aligned } from "#cli/table";

/** One line of a list. */
export function approvalRow({ id, title, workflowName, status, decision, until }: ApprovalView) {
  return {
    approval: id,
    title,
    workflow: workflowName,
    status: status.toLowerCase().replace("_", " "),
    decision: decision?.action,
    by: decision?.by,
    until: until === undefined ? undefined : new Date(until).toISOString(),
  };
}

/** All of it, for people. */
export function approvalText(view: ApprovalView): string {
  const { id, title, message, details, form, actions, approvers, answers, workflowName, workflowRunId, status, askedAt, until } = view;
  const time = (at: number) => new Date(at).toISOString();
  const names = actions.map(({ name, needed }) => (needed > 1 ? `${name} (${needed} people)` : name)).join(", ");
  const who = [...(approvers.people ?? []), ...(approvers.roles ?? []).map((role) => `every ${role}`)].join(", ");
  const facts = [
    ["approval", id],
    ["title", title],
    ["status", status.toLowerCase().replace("_", " ")],
    ["workflow", workflowName],
    ["run", workflowRunId],
    ["actions", names],
    ["who decides", who || "every operator, and whoever has a link"],
    ["asked", time(askedAt)],
    ...(until === undefined ? [] : [["until", time(until)]]),
  ];
  const given = answers.map(({ action, by, at, comment }) => [action, `by ${by}`, time(at), comment ?? ""]);
  const parts = [
    aligned(facts),
    ...(message === undefined ? [] : [`${message}\n`]),
    ...(details === undefined ? [] : [`details\n${indented(details)}`]),
    ...(form === undefined ? [] : [`form\n${indented(form)}`]),
    ...(given.length === 0 ? [] : [`answers\n${aligned(given.map((line) => ["", ...line]))}`]),
  ];
  return parts.join("\n");
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^/gm, "  ").concat("\n");
}
