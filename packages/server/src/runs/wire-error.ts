import type { RunError } from "@millrace/contract";
import type { LocatedError } from "@millrace/engine";

/** Only what the wire names; what the engine keeps beside it stays here. */
export function wireError({ code, type, message, nodeId, nodeName }: LocatedError): RunError {
  return { code, type, message, ...(nodeId !== undefined && { nodeId }), ...(nodeName !== undefined && { nodeName }) };
}
