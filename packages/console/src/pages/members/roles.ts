import type { MemberView } from "@millrace/contract";

export type Role = MemberView["role"];

/** The widest first. */
export const ROLES = ["owner", "editor", "operator", "viewer"] as const satisfies readonly Role[];
