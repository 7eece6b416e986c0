import type { EdgeChange, FieldChange, NodeChange, WorkflowDiff } from "#diff/diff-types";
import { isJsonObject } from "#json";
import { fromPointer } from "#pointer";

/** One change for people to read. */
export interface DiffLine {
  readonly change: "added" | "removed" | "changed";
  /** Where: `summarise`, `summarise › prompt`, `each › fetch › retry.maxAttempts`, `start -> fetch`, `env.CITY`. */
  readonly at: string;
  /** Of a changed field, as in the diff. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** One line a node that came or went, a changed field, an edge. Layout has no line. */
export function diffLines({ nodes, edges, settings }: WorkflowDiff): DiffLine[] {
  return [
    ...settings.map((field) => fieldLine([], field)),
    ...nodes.flatMap(nodeLines),
    ...edges.removed.map((edge) => edgeLine("removed", edge)),
    ...edges.added.map((edge) => edgeLine("added", edge)),
  ];
}

/** `+ check`, `- old`, `summarise › prompt`. */
export function lineText({ change, at }: DiffLine): string {
  return { added: "+ ", removed: "- ", changed: "" }[change] + at;
}

function nodeLines({ path, change, fields }: NodeChange): DiffLine[] {
  const place = path.split("/");
  if (change === "added" || change === "removed") return [{ change, at: joined(place) }];
  return fields.map((field) => fieldLine(place, field));
}

function fieldLine(place: readonly string[], { path, before, after }: FieldChange): DiffLine {
  const at = joined([...place, fromPointer(path).join(".")]);
  return { change: "changed", at, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function edgeLine(change: "added" | "removed", { container, edge }: EdgeChange): DiffLine {
  return { change, at: joined([...(container === "" ? [] : container.split("/")), edgeWords(edge)]) };
}

function edgeWords(edge: unknown): string {
  if (typeof edge === "string") return edge;
  const { from, port, to, ...rest } = isJsonObject(edge) ? edge : {};
  const isNamed = typeof from === "string" && typeof to === "string" && Object.keys(rest).every((key) => key === "flow");
  return isNamed ? `${from}${port === undefined ? "" : `.${String(port)}`} -> ${to}` : JSON.stringify(edge);
}

function joined(steps: readonly string[]): string {
  return steps.join(" › ");
}
