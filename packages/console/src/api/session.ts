import type { SetupView, SignInLink, Whoami } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, call } from "#api/client.ts";

/** What the server says before anybody has signed in. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => call<SetupView>("/api/v1/setup", { signal }),
  staleTime: 0,
});

/**
 * Who is signed in; null where nobody is. The session itself is a cookie that no script can read, so the server is asked for it first.
 * `millrace dev` lets people of its machine in without a word.
 */
export const whoQuery = queryOptions({
  queryKey: ["whoami"],
  queryFn: async ({ signal }): Promise<Whoami | null> => {
    const { session = false, local = false } = await call<SetupView>("/api/v1/setup", { signal });
    const known = session ? await orNobody(call<Whoami>("/api/v1/whoami", { signal })) : null;
    return known ?? (local ? orNobody(call<Whoami>("/api/v1/sign-in/local", { method: "POST", signal })) : null);
  },
  staleTime: 60_000,
});

async function orNobody(asked: Promise<Whoami>): Promise<Whoami | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function signIn(email: string, password: string): Promise<Whoami> {
  return call("/api/v1/sign-in", { method: "POST", body: { email, password } });
}

export function signInByLink(token: string): Promise<Whoami> {
  return call("/api/v1/sign-in/link", { method: "POST", body: { token } });
}

/** The key makes a link that works once, and the link makes the session: the key is sent this one time and kept nowhere. */
export async function signInByKey(key: string): Promise<Whoami> {
  const { url } = await call<SignInLink>("/api/v1/sign-in-links", { method: "POST", headers: { Authorization: `Bearer ${key}` } });
  return signInByLink(url.split("#link=")[1] ?? "");
}

export interface NewMember {
  readonly token: string;
  readonly email?: string;
  readonly name?: string;
  readonly password: string;
}

export function setUp(member: NewMember): Promise<Whoami> {
  return call("/api/v1/setup", { method: "POST", body: member });
}

export function acceptInvitation(member: NewMember): Promise<Whoami> {
  return call("/api/v1/invitations/accept", { method: "POST", body: member });
}

/** Ends the session on the server too; one that has ended already is no matter. */
export async function signOut(): Promise<void> {
  await call("/api/v1/sign-out", { method: "POST" }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
}
