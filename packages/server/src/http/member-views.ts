import {
  type AuditView,
  type InvitationView,
  type MemberView,
  type Scope,
  type SessionView,
  scopesOfRole,
  type Whoami,
} from "@millrace/contract";
import { roleOfKey } from "#keys/authenticate";
import type { AuditRow } from "#store/audit-store";
import type { KeyRow } from "#store/key-store";
import type { InvitationRow, MemberRow, SessionRow } from "#store/member-store";

// Rows of members, sessions and the audit log as the management API shows them: absent members are left out, never null.

export function memberView({ id, email, name, role, state, createdAt, lastSignInAt }: MemberRow): MemberView {
  return { id, email, ...(name !== "" && { name }), role, state, createdAt, ...(lastSignInAt !== null && { lastSignInAt }) };
}

export function invitationView({ id, email, role, createdAt, expiresAt }: InvitationRow): InvitationView {
  return { id, email, role, createdAt, expiresAt };
}

export function sessionView({ id, createdAt, lastUsedAt, expiresAt, address, userAgent }: SessionRow, current: string | null): SessionView {
  return { id, createdAt, lastUsedAt, expiresAt, address, ...(userAgent !== "" && { userAgent }), current: id === current };
}

export function auditView({ position, at, actor, action, targets, address, status, result, requestId }: AuditRow): AuditView {
  const { kind, id, name } = actor;
  return {
    id: String(position),
    at,
    actor: { kind, ...(id !== null && { id }), ...(name !== null && { name }) },
    action,
    targets,
    ...(address !== null && { address }),
    ...(status !== null && { status }),
    result,
    ...(requestId !== null && { requestId }),
  };
}

export function whoamiOfMember({ id, email, name, role }: MemberRow, serverVersion: string): Whoami {
  const person = { memberId: id, email, ...(name !== "" && { name }), role };
  return { ...person, scopes: [...scopesOfRole(role)], workflows: [], serverVersion };
}

export function whoamiOfKey(row: KeyRow, serverVersion: string, workflows: Whoami["workflows"] = []): Whoami {
  const role = roleOfKey(row);
  return {
    keyId: row.id,
    ...(row.name !== "" && { name: row.name }),
    ...(role !== null && { role }),
    scopes: row.scopes as Scope[],
    workflows,
    serverVersion,
  };
}
