import type {
  AuditView,
  ChangePasswordBody,
  InvitationView,
  InviteAnswer,
  InviteBody,
  MemberView,
  SessionView,
  UpdateMemberBody,
} from "@millrace/contract";
import { call, path, type Query } from "#api/client.ts";
import { allQuery, listQuery } from "#api/pages.ts";

export const membersQuery = listQuery<MemberView>("members", "/api/v1/members");

export const updateMember = ({ id, ...body }: UpdateMemberBody & { readonly id: string }) =>
  call<MemberView>(path("api", "v1", "members", id), { method: "PATCH", body });

export const removeMember = (id: string) => call<void>(path("api", "v1", "members", id), { method: "DELETE" });

export const invitationsQuery = allQuery<InvitationView>("invitations", "/api/v1/invitations");

/** The answer is the only one that has the link. */
export const invite = (body: InviteBody) => call<InviteAnswer>("/api/v1/invitations", { method: "POST", body });

export const withdrawInvitation = (id: string) => call<void>(path("api", "v1", "invitations", id), { method: "DELETE" });

export const sessionsQuery = listQuery<SessionView>("sessions", "/api/v1/sessions");

export const endSession = (id: string) => call<void>(path("api", "v1", "sessions", id), { method: "DELETE" });

export const changePassword = (body: ChangePasswordBody) => call<void>("/api/v1/password", { method: "PUT", body });

export const auditQuery = (query: Query) => listQuery<AuditView>("audit", "/api/v1/audit", query);
