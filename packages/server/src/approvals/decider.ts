import { type Approvers, type Role, roleMay } from "@millrace/contract";
import type { Caller } from "#keys/authenticate";
import type { ApprovalRow } from "#store/approval-store";

/** Whoever may have something to decide. */
export interface Decider {
  readonly kind: "member" | "key" | "link";
  /** The same for the same person, whichever way they come: an email is an email, in a link or of a member. */
  readonly person: string;
  /** For people. */
  readonly by: string;
  /** What an approval may call them, in lower case. */
  readonly names: readonly string[];
  readonly role: Role | null;
}

export function deciderOf({ kind, keyId, name, role }: Caller): Decider {
  if (kind === "key") return { kind, person: `key ${keyId}`, by: name || `key ${keyId}`, names: [], role };
  return { kind, person: personOf(name), by: name, names: [personOf(name), keyId], role };
}

export function linkedDecider(name: string): Decider {
  return { kind: "link", person: personOf(name), by: name, names: [personOf(name)], role: null };
}

/** May they decide what these may decide? A link's holder was named by an operator. A key is no person and has no place in a list. */
export function mayDecide({ people, roles }: Approvers, { kind, names, role }: Decider): boolean {
  if (people?.some((name) => names.includes(personOf(name)))) return true;
  if (roles && kind === "member" && role !== null && roles.includes(role)) return true;
  if (people || roles) return false;
  return kind === "link" || (role !== null && roleMay(role, "operate"));
}

/** Is it open, may they decide it, and have they not done so yet? */
export function isTheirs({ status, about, answers }: ApprovalRow, decider: Decider): boolean {
  return status === "OPEN" && !answers.some(({ person }) => person === decider.person) && mayDecide(about.approvers, decider);
}

function personOf(name: string): string {
  return name.trim().toLowerCase();
}
