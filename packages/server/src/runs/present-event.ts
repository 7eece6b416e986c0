import type { NodeDeltaEvent, NodeEvent, RunEventName, RunWaitingEvent } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { approvalRef } from "#runs/approval-ref";
import { presentStart } from "#runs/present-run";
import { wireError } from "#runs/wire-error";
import type { ShownPiece } from "#runtime/runtime";
import type { RunRow } from "#store/store";

export interface PresentedEvent {
  readonly event: RunEventName;
  /** JSON text. */
  readonly data: string;
}

/** Who a path names, for people. */
export type NameNode = (path: string) => Pick<NodeEvent, "nodeId" | "nodeName">;

/** What the entry with this number is to those who follow the run; null: nothing. The run's end is presented by its body, not from here. */
export function presentEvent(run: RunRow, seq: number, entry: Entry, nameNode: NameNode): PresentedEvent | null {
  const located = (event: RunEventName, path: string, more: Partial<NodeEvent> | Partial<RunWaitingEvent>): PresentedEvent => {
    return { event, data: JSON.stringify({ ...nameNode(path), path, ...more, ...(entry.reused && { reused: true }), at: entry.at }) };
  };
  const node = (event: RunEventName, path: string, more: Partial<NodeEvent>) => located(event, path, more);
  const waiting = (path: string, more: Partial<RunWaitingEvent>) => located("run.waiting", path, more);
  switch (entry.type) {
    case "run-started":
      return { event: "run.started", data: presentStart(run, entry.at) };
    case "node-started":
      return node("node.started", entry.path, { attempt: entry.attempt });
    case "node-finished":
      return node("node.finished", entry.path, {
        ...(entry.port !== null && { port: entry.port }),
        output: entry.output,
        ...(entry.cached && { cached: entry.cached }),
      });
    case "node-failed": {
      const { attempt, error, retryAt } = entry;
      return node("node.failed", entry.path, { attempt, error: wireError(error), ...(retryAt !== undefined && { retryAt }) });
    }
    case "timer-set":
      return waiting(entry.path, { type: "timer", until: entry.until });
    case "signal-awaited":
      return waiting(entry.path, { type: "signal", name: entry.name });
    case "question-asked": {
      const { path, until, question } = entry;
      const approval = approvalRef(run.id, seq);
      return waiting(path, { type: "human", ...(until !== undefined && { until }), ...approval, title: String(question.about["title"]) });
    }
    default:
      return null;
  }
}

export function presentPiece({ path, attempt, channel, text }: ShownPiece, at: number, nameNode: NameNode): PresentedEvent {
  const data: NodeDeltaEvent = { ...nameNode(path), path, attempt, channel, text, at };
  return { event: "node.delta", data: JSON.stringify(data) };
}
