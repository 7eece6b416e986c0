import type { MemberMode, NodeSpec, ResultShape } from "@millrace/engine";
import type { TSchema } from "typebox";

/** What a node type must say; the rest has the defaults of an ordinary step: pure, one port `out`, an open result. */
export type SpecInput = Pick<NodeSpec, "type" | "config"> & Partial<Omit<NodeSpec, "type" | "config">>;

const OPEN: ResultShape = { fields: {}, open: true };
const NO_MEMBERS: { readonly [member: string]: MemberMode } = {};

export function defineSpec(input: SpecInput): NodeSpec {
  return { version: 1, effect: "none", members: NO_MEMBERS, role: "step", ports: () => ["out"], result: () => OPEN, ...input };
}

/** A config without members. */
export const noConfig: TSchema = { type: "object", properties: {}, additionalProperties: false };
