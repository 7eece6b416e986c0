import type { FastifyReply, FastifyRequest } from "fastify";
import { noteActor } from "#deed";
import { clientAddress, countedAddress } from "#http/client-address";
import { whoamiOfMember } from "#http/member-views";
import type { HttpPorts } from "#http/ports";
import { header } from "#http/request";
import { setSessionCookie } from "#http/session-cookie";
import type { Place } from "#members/sessions";
import type { MemberRow } from "#store/member-store";

/** A new session of the member: its cookie, and what it is. */
export async function beginSession(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  member: MemberRow,
): Promise<FastifyReply> {
  const { tenantId, id, email } = member;
  noteActor("member", tenantId, id, email);
  setSessionCookie(ports, request, reply, await ports.operators.sessions.begin(tenantId, { memberId: id }, placeOf(ports, request)));
  return reply.send(JSON.stringify(whoamiOfMember(member, ports.settings.version)));
}

/** Whose failed attempts are counted together. */
export function countedPlace(ports: HttpPorts, request: FastifyRequest): string {
  return countedAddress(clientAddress(request, ports.proxies));
}

/** What a session keeps of where it began. */
export function placeOf(ports: HttpPorts, request: FastifyRequest): Place {
  return { address: clientAddress(request, ports.proxies), userAgent: header(request, "user-agent") ?? "" };
}
