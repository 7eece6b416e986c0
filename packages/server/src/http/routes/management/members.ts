import type { AcceptInvitationBody, InviteBody, UpdateMemberBody } from "@millrace/contract";
import { beginSession, countedPlace } from "#http/begin-session";
import type { Handler } from "#http/handler";
import { invitationView, memberView } from "#http/member-views";
import { callerOf } from "#http/request";

export const listMembers: Handler = async ({ operators }, request, reply) => {
  const rows = await operators.members.list(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: rows.map(memberView) }));
};

export const updateMember: Handler = async ({ operators }, request, reply) => {
  const { member } = request.params as { member: string };
  const { role, state } = request.body as UpdateMemberBody;
  const change = { ...(role !== undefined && { role }), ...(state !== undefined && { state }) };
  return reply.send(JSON.stringify(memberView(await operators.members.update(callerOf(request).tenantId, member, change))));
};

export const removeMember: Handler = async ({ operators }, request, reply) => {
  const { member } = request.params as { member: string };
  await operators.members.remove(callerOf(request).tenantId, member);
  return reply.code(204).send();
};

export const listInvitations: Handler = async ({ operators }, request, reply) => {
  const rows = await operators.members.invitations(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: rows.map(invitationView) }));
};

export const inviteMember: Handler = async (ports, request, reply) => {
  const { email, role } = request.body as InviteBody;
  const { token, row } = await ports.operators.members.invite(callerOf(request).tenantId, email, role);
  return reply.code(201).send(JSON.stringify({ ...invitationView(row), url: `${ports.baseUrl(request)}/join#${token}` }));
};

export const revokeInvitation: Handler = async ({ operators }, request, reply) => {
  const { invitation } = request.params as { invitation: string };
  await operators.members.revokeInvitation(callerOf(request).tenantId, invitation);
  return reply.code(204).send();
};

export const acceptInvitation: Handler = async (ports, request, reply) => {
  const { token, ...person } = request.body as AcceptInvitationBody;
  const member = await ports.operators.members.accept(token, person, countedPlace(ports, request));
  return beginSession(ports, request, reply, member);
};
