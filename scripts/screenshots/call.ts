import type { JsonObject } from "@millrace/contract";
import type { Account } from "./shown.ts";

/** Calls of the management API with an admin key, and of the public one with any. */
export interface Caller {
  readonly origin: string;
  call(method: string, path: string, body?: object, key?: string): Promise<JsonObject>;
  /** Invites and accepts. */
  admit(account: Account, role: string, name: string): Promise<void>;
}

export function callerOf(origin: string, adminKey: string): Caller {
  const call: Caller["call"] = async (method, path, body, key = adminKey) => {
    const answer = await fetch(origin + path, {
      method,
      headers: { Authorization: `Bearer ${key}`, Origin: origin, ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text === "" ? {} : (JSON.parse(text) as JsonObject);
  };
  const admit: Caller["admit"] = async ({ email, password }, role, name) => {
    const { url } = await call("POST", "/api/v1/invitations", { email, role });
    const token = /[A-Za-z0-9_-]{40}$/.exec(String(url))?.[0] ?? "";
    await call("POST", "/api/v1/invitations/accept", { token, name, password });
  };
  return { origin, call, admit };
}
