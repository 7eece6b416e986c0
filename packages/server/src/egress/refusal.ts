import { TerminalError } from "@millrace/engine";

/** Why a target is not connected to. Names the rule, never what the target resolved to or answered. */
export interface Refusal {
  readonly rule: EgressRule;
  /** One sentence with the fix, without the rule number. */
  readonly reason: string;
}

/**
 * 1 URL form, 2 host name, 3 resolution, 4 connected address, 5 IPv4 range, 6 IPv6 range, 7 own address, 8 redirect, 9 credential binding.
 */
export type EgressRule = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export function egressDenied({ rule, reason }: Refusal): TerminalError {
  return new TerminalError("egress_denied", `${reason} (egress rule ${rule})`);
}
