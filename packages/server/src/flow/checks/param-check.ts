import type { JsonObject } from "@millrace/contract";
import type { FlowCode } from "#flow/codes";
import type { FlowNodeType } from "#flow/vendor";

/** Says whether this server may send requests to an internal host. */
export type Egress = (host: string) => boolean;

/** What the check of one node's param works with; `report` takes the member's path below the param (".code"). */
export interface ParamCheck {
  readonly type: FlowNodeType;
  readonly param: JsonObject;
  readonly egress: Egress;
  report(code: FlowCode, member: string, message: string): void;
  warn(code: FlowCode, member: string, message: string): void;
}
