import { type Address, needsExactEntry, refusingRangeRule } from "#egress/address";
import type { AllowList } from "#egress/allow-list";
import type { OwnAddresses } from "#egress/own-addresses";
import type { Refusal } from "#egress/refusal";
import type { Target } from "#egress/target";

/** Who may be connected to: the built-in rules, and what the operator adds to them. */
export interface Policy {
  readonly allow: AllowList;
  readonly ownAddresses: OwnAddresses;
}

/** What can be said without a resolver: the name (rule 2) or the literal address (rules 5 to 7). */
export function judgeHost(target: Target, policy: Policy): Refusal | null {
  return target.literal === null ? judgeName(target, policy) : judgeAddress(target, target.literal, policy);
}

/** Rules 5 to 7 for one address of the target. The refusal does not say which address it was. */
export function judgeAddress(target: Target, address: Address, policy: Policy): Refusal | null {
  const rule = refusingRangeRule(address) ?? (policy.ownAddresses().has(address.toString()) ? 7 : null);
  if (rule === null || policy.allow.permitsAddress(address, target.port)) return null;
  if (target.literal === null && policy.allow.permitsName(target.host, target.port) && !needsExactEntry(address)) return null;
  const what = rule === 7 ? "belongs to this machine" : "is not public";
  return { rule, reason: `The address of the host ${what}; if the operator trusts it, MILLRACE_EGRESS_ALLOW names it.` };
}

function judgeName(target: Target, { allow }: Policy): Refusal | null {
  if (target.host.split(".").includes("")) return { rule: 2, reason: "The host name has an empty part." };
  if (!isLocalName(target.host) || allow.permitsName(target.host, target.port)) return null;
  return { rule: 2, reason: "The host name is a local one; if the operator trusts it, MILLRACE_EGRESS_ALLOW names it." };
}

function isLocalName(host: string): boolean {
  return !host.includes(".") || LOCAL_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

const LOCAL_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa"];
