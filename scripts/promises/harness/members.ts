import type { Role } from "@millrace/contract";
import type { Millrace } from "./millrace.ts";
import { PASSWORD } from "./route-rows.ts";
import type { Answer, Call } from "./send.ts";

/** Who asks: with an admin key's or a session's authority. */
export interface Caller {
  readonly who: string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
}

export function keyCaller(server: Millrace, who: string, key: string): Caller {
  return { who, call: (method, path, call) => server.call(method, path, { key, ...call }) };
}

export interface SignedIn extends Caller {
  readonly memberId: string;
  /** The name of its cookie, and the value. */
  readonly cookie: string;
}

/** A new member of the role in the tenant of the key, in a browser: the cookie, and what browsers say of where a request comes from. */
export async function joined(server: Millrace, adminKey: string, email: string, role: Role, name?: string): Promise<SignedIn> {
  const origin = `http://127.0.0.1:${server.port}`;
  const page = { Origin: origin, Host: `127.0.0.1:${server.port}`, "Content-Type": "application/json" };
  const { json, text } = await server.call("POST", "/api/v1/invitations", { key: adminKey, body: { email, role } });
  const token = /#(.+)$/.exec(String(json["url"]))?.[1];
  if (token === undefined) throw new Error(`no invitation: ${text}`);
  const accepted = await server.call("POST", "/api/v1/invitations/accept", {
    headers: page,
    body: { token, password: PASSWORD, ...(name !== undefined && { name }) },
  });
  const cookie = accepted.headers["set-cookie"]?.[0]?.split(";")[0];
  if (cookie === undefined) throw new Error(`no session: ${accepted.text}`);
  const call = (method: string, path: string, { headers, ...more }: Call = {}) =>
    server.call(method, path, { ...more, headers: { ...page, Cookie: cookie, ...headers } });
  return { who: `session of a ${role}`, memberId: String(accepted.json["memberId"]), cookie, call };
}
