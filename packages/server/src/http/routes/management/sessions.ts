import type { ChangePasswordBody, SetUpBody, SetupView, SignInBody, SignInByLinkBody } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { noteActor } from "#deed";
import { beginSession, countedPlace, placeOf } from "#http/begin-session";
import type { Handler } from "#http/handler";
import { sessionView, whoamiOfKey } from "#http/member-views";
import { isOwnMachine } from "#http/own-machine";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { clearSessionCookie, sessionToken, setSessionCookie } from "#http/session-cookie";
import type { LinkedKey } from "#members/local-sign-in";
import { RequestError } from "#request-error";
import type { MemberRow } from "#store/member-store";

export const getSetup: Handler = async (ports, request, reply) => {
  const { operators, tenantId } = ports;
  const view: SetupView = {
    needed: !(await operators.members.hasOwner(tenantId)),
    ...(sessionToken(ports, request) !== null && { session: true }),
    ...(operators.local.allowed && isOwnMachine(request) && { local: true }),
  };
  return reply.send(JSON.stringify(view));
};

export const setUp: Handler = async (ports, request, reply) => {
  const { token, ...person } = request.body as SetUpBody;
  const member = await ports.operators.members.setUp(ports.tenantId, token, person, countedPlace(ports, request));
  return beginSession(ports, request, reply, member);
};

export const signIn: Handler = async (ports, request, reply) => {
  const tried = ({ tenantId, id, email }: MemberRow) => noteActor("member", tenantId, id, email);
  const given = request.body as SignInBody;
  const member = await ports.operators.members.signIn(ports.tenantId, given, countedPlace(ports, request), tried);
  return beginSession(ports, request, reply, member);
};

export const signInByLink: Handler = async (ports, request, reply) => {
  const { token } = request.body as SignInByLinkBody;
  const { members, links } = ports.operators;
  const key = await members.attempt(countedPlace(ports, request), () => links.take(token));
  return beginKeySession(ports, request, reply, key);
};

export const signInLocally: Handler = async (ports, request, reply) => {
  if (!isOwnMachine(request)) throw new RequestError("unauthorized", { key: "unauthorized.session" });
  return beginKeySession(ports, request, reply, ports.operators.local.key);
};

async function beginKeySession(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  { tenantId, keyId }: LinkedKey,
): Promise<FastifyReply> {
  const key = await ports.apiKeys.get(tenantId, keyId);
  noteActor("key", tenantId, keyId, key.name);
  setSessionCookie(ports, request, reply, await ports.operators.sessions.begin(tenantId, { keyId }, placeOf(ports, request)));
  return reply.send(JSON.stringify(whoamiOfKey(key, ports.settings.version)));
}

export const makeSignInLink: Handler = async (ports, request, reply) => {
  const { sessionId, tenantId, keyId } = callerOf(request);
  if (sessionId !== null) throw new RequestError("unauthorized", { key: "unauthorized.key_only" });
  const { token, until } = await ports.operators.links.make({ tenantId, keyId });
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
