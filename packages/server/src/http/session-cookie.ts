import type { FastifyReply, FastifyRequest } from "fastify";
import { isHttps, type OriginPorts } from "#http/own-origin";
import { header, type WireRequest } from "#http/request";
import { SESSION_LIFE_MS } from "#members/sessions";

/** Browsers keep a cookie with this beginning from being set by other hosts and over plain connections. */
const SECURE_NAME = "__Host-millrace";

/** The token of the session that the request came in, or null. */
export function sessionToken(ports: OriginPorts, request: WireRequest): string | null {
  const cookies = header(request, "cookie");
  if (cookies === null) return null;
  const start = `${cookieName(ports, request)}=`;
  const pair = cookies.split(/[;,]/).map((text) => text.trim());
  return pair.find((text) => text.startsWith(start))?.slice(start.length) ?? null;
}

export function setSessionCookie(ports: OriginPorts, request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.header("set-cookie", cookie(ports, request, token, SESSION_LIFE_MS / 1_000));
}

export function clearSessionCookie(ports: OriginPorts, request: FastifyRequest, reply: FastifyReply): void {
  reply.header("set-cookie", cookie(ports, request, "", 0));
}

function cookie(ports: OriginPorts, request: WireRequest, value: string, maxAgeS: number): string {
  const secure = isHttps(ports, request) ? "; Secure" : "";
  return `${cookieName(ports, request)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure}`;
}

/** Cookies are shared by all ports of a host: two servers on one machine must not sign each other's people out. */
function cookieName(ports: OriginPorts, request: WireRequest): string {
  if (isHttps(ports, request)) return SECURE_NAME;
  return `millrace_${/:(\d+)$/.exec(request.host)?.[1] ?? "80"}`;
}
