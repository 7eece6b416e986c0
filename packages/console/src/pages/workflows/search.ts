import type { WorkflowSummary } from "@millrace/contract";

/** What the list can be narrowed to. */
export const STATES = {
  live: ({ liveVersion }) => liveVersion !== undefined,
  differs: ({ differs }) => differs === true,
  unpublished: ({ liveVersion }) => liveVersion === undefined,
  off: ({ apiEnabled }) => !apiEnabled,
} as const satisfies Readonly<Record<string, (workflow: WorkflowSummary) => boolean>>;
type StateName = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as StateName[];

/** What the address of the list says: every filter, so that a list can be shared and survives a reload. */
export interface WorkflowsSearch {
  /** A part of the name. */
  readonly name?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: StateName | undefined;
}

export function workflowsSearch(given: Readonly<Record<string, unknown>>): WorkflowsSearch {
  // An address that was typed by hand reads as a number where it is one.
  const [name, tag] = [given["name"], given["tag"]].map((one) => (typeof one === "number" ? String(one) : one));
  const state = STATE_NAMES.find((one) => one === given["state"]);
  return { ...(typeof name === "string" && { name }), ...(typeof tag === "string" && { tag }), ...(state && { state }) };
}
