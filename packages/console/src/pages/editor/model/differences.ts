import { diffLines, diffWorkflows, type JsonObject, type WorkflowDocument } from "@millrace/contract";

/** One line of what differs between two documents: a node that came or went, a field, an edge; places are one line together. */
export interface Difference {
  readonly change: "added" | "removed" | "changed" | "layout";
  /** Where; empty for the places. */
  readonly at: string;
}

export function differences(before: WorkflowDocument, after: WorkflowDocument): readonly Difference[] {
  const diff = diffWorkflows(asJson(before), asJson(after));
  const lines = diffLines(diff).map(({ change, at }): Difference => ({ change, at }));
  return diff.layout.moved > 0 ? [...lines, { change: "layout", at: "" }] : lines;
}

function asJson(document: WorkflowDocument): JsonObject {
  return document as unknown as JsonObject;
}
