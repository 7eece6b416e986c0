import type { ChangePasswordBody, SetUpBody, SignInBody, SignInByLinkBody } from "@millrace/contract";
import { noteActor } from "#http/audit";
import { beginSession, countedPlace, placeOf } from "#http/begin-session";
import type { Handler } from "#http/handler";
import { sessionView, whoamiOfKey } from "#http/member-views";
import { callerOf } from "#http/request";
import { clearSessionCookie, setSessionCookie } from "#http/session-cookie";
import { RequestError } from "#request-error";
import type { MemberRow } from "#store/member-store";

export const getSetup: Handler = async ({ operators, tenantId }, _request, reply) => {
  return reply.send(JSON.stringify({ needed: !(await operators.members.hasOwner(tenantId)) }));
};

export const setUp: Handler = async (ports, request, reply) => {
  const { token, ...person } = request.body as SetUpBody;
  const member = await ports.operators.members.setUp(ports.tenantId, token, person, countedPlace(ports, request));
  return beginSession(ports, request, reply, member);
};

export const signIn: Handler = async (ports, request, reply) => {
  const tried = ({ tenantId, id, email }: MemberRow) => noteActor(request, "member", tenantId, id, email);
  const given = request.body as SignInBody;
  const member = await ports.operators.members.signIn(ports.tenantId, given, countedPlace(ports, request), tried);
  return beginSession(ports, request, reply, member);
};

export const signInByLink: Handler = async (ports, request, reply) => {
  const { token } = request.body as SignInByLinkBody;
  const { members, links, sessions } = ports.operators;
  const { tenantId, keyId } = await members.attempt(countedPlace(ports, request), async () => links.take(token));
  const key = await ports.apiKeys.get(tenantId, keyId);
  noteActor(request, "key", tenantId, keyId, key.name);
  setSessionCookie(ports, request, reply, await sessions.begin(tenantId, { keyId }, placeOf(ports, request)));
  return reply.send(JSON.stringify(whoamiOfKey(key, ports.settings.version)));
};

export const makeSignInLink: Handler = async (ports, request, reply) => {
  const { sessionId, tenantId, keyId } = callerOf(request);
  if (sessionId !== null) throw new RequestError("unauthorized", { key: "unauthorized.key_only" });
  const { token, until } = ports.operators.links.make({ tenantId, keyId });
  return reply.code(201).send(JSON.stringify({ url: `${ports.baseUrl(request)}/login#link=${token}`, expiresAt: until }));
};

export const signOut: Handler = async (ports, request, reply) => {
  const caller = callerOf(request);
  if (caller.sessionId !== null) await ports.operators.sessions.end(caller, caller.sessionId);
  clearSessionCookie(ports, request, reply);
  return reply.code(204).send();
};

export const listSessions: Handler = async (ports, request, reply) => {
  const caller = callerOf(request);
  const rows = await ports.operators.sessions.list(caller);
  return reply.send(JSON.stringify({ data: rows.map((row) => sessionView(row, caller.sessionId)) }));
};

export const endSession: Handler = async (ports, request, reply) => {
  const { session } = request.params as { session: string };
  await ports.operators.sessions.end(callerOf(request), session);
  return reply.code(204).send();
};

export const changePassword: Handler = async (ports, request, reply) => {
  const { current, password } = request.body as ChangePasswordBody;
  const caller = callerOf(request);
  await ports.operators.members.attempt(countedPlace(ports, request), () =>
    ports.operators.members.changePassword(caller, current, password),
  );
  return reply.code(204).send();
};
