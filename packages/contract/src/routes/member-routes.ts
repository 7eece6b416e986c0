import * as M from "#management";
import * as P from "#members";
import type { Route } from "#routes/route";

const base = { mark: "own", tag: "Members" } as const;
const admin = { auth: "key:admin", permission: "administer" } as const;
const TOKEN = "EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp";

const member = {
  id: "66f0d0a1b3d4e5f607182a31",
  email: "ada@example.com",
  name: "Ada",
  role: "owner",
  state: "active",
  createdAt: 1790000000000,
  lastSignInAt: 1790000000000,
} as const;
const invitation = {
  id: "66f0d0c3b3d4e5f607182a33",
  email: "grace@example.com",
  role: "editor",
  createdAt: 1790000000000,
  expiresAt: 1790259200000,
} as const;

export const MEMBER_ROUTES = [
  {
    ...base,
    ...admin,
    id: "listMembers",
    method: "GET",
    path: "/api/v1/members",
    summary: "List members",
    responses: { 200: { description: "All, oldest first.", schema: P.MemberList, examples: { one: { data: [member] } } } },
    errors: [],
  },
  {
    ...base,
    ...admin,
    id: "updateMember",
    method: "PATCH",
    path: "/api/v1/members/{member}",
    summary: "Change a member's role, disable or enable",
    description: "A disabled member's sessions end. The last owner stays one.",
    body: { schema: P.UpdateMemberBody, examples: { role: { role: "viewer" }, disable: { state: "disabled" } } },
    responses: { 200: { description: "The member.", schema: P.MemberView, examples: { member } } },
    errors: ["not_found", "conflict"],
  },
  {
    ...base,
    ...admin,
    id: "removeMember",
    method: "DELETE",
    path: "/api/v1/members/{member}",
    summary: "Remove a member",
    responses: { 204: { description: "Removed, with all sessions." } },
    errors: ["not_found", "conflict"],
  },
  {
    ...base,
    ...admin,
    id: "listInvitations",
    method: "GET",
    path: "/api/v1/invitations",
    summary: "List open invitations",
    responses: {
      200: { description: "Newest first; never their links.", schema: P.InvitationList, examples: { one: { data: [invitation] } } },
    },
    errors: [],
  },
  {
    ...base,
    ...admin,
    id: "inviteMember",
    method: "POST",
    path: "/api/v1/invitations",
    summary: "Invite a member",
    description: "Another invitation for the same email takes the place of the one before.",
    body: { schema: P.InviteBody, examples: { editor: { email: "grace@example.com", role: "editor" } } },
    responses: {
      201: {
        description: "The link, shown this once; hand it to the invited yourself.",
        schema: P.InviteAnswer,
        examples: { invited: { ...invitation, url: `https://millrace.example.com/join#${TOKEN}` } },
      },
    },
    errors: ["conflict"],
  },
  {
    ...base,
    ...admin,
    id: "revokeInvitation",
    method: "DELETE",
    path: "/api/v1/invitations/{invitation}",
    summary: "Revoke an invitation",
    responses: { 204: { description: "Revoked." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "acceptInvitation",
    method: "POST",
    path: "/api/v1/invitations/accept",
    auth: "none",
    summary: "Accept an invitation",
    body: {
      schema: P.AcceptInvitationBody,
      examples: { accept: { token: TOKEN, name: "Grace", password: "a long sentence of your own" } },
    },
    responses: {
      200: {
        description: "A session of the new member; its cookie is in Set-Cookie.",
        schema: M.Whoami,
        examples: {
          member: {
            memberId: "66f0d0d4b3d4e5f607182a34",
            email: "grace@example.com",
            name: "Grace",
            role: "editor",
            scopes: ["invoke", "query", "draft", "version"],
            workflows: [],
            serverVersion: "0.1.0",
          },
        },
      },
    },
    errors: ["unauthorized", "conflict", "rate_limited", "overloaded"],
  },
] as const satisfies readonly Route[];
