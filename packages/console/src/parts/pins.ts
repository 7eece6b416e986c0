import type { Pinned } from "#api/draft-runs.ts";
import { choices } from "#app/choices.ts";

// What stands in for nodes in runs of a draft. It is this browser's, by workflow, and in no document.

/** By node. */
export type Pins = ReadonlyMap<string, Pinned>;

const nameOf = (workflowId: string) => `millrace.pins.${workflowId}`;

export function readPins(workflowId: string): Pins {
  try {
    return new Map(Object.entries(JSON.parse(choices.get(nameOf(workflowId)) ?? "{}") as Record<string, Pinned>));
  } catch {
    return new Map();
  }
}

export function keepPins(workflowId: string, pins: Pins): void {
  choices.set(nameOf(workflowId), pins.size === 0 ? null : JSON.stringify(Object.fromEntries(pins)));
}

/** Beside what is pinned already. */
export function addPin(workflowId: string, node: string, pinned: Pinned): void {
  keepPins(workflowId, new Map([...readPins(workflowId), [node, pinned]]));
}
