/** What an API key may do. A key with `admin` has a role, which says how much of the management API and of the other scopes it has. */
export const SCOPES = ["invoke", "query", "draft", "admin", "version"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * What a route asks of its caller: nothing, any key, or a key with a scope. On the management API the session of a member does as well, and
 * `session` takes nothing else. `versions` is a key that may manage versions, refused in the words of the published endpoints; `dev` a
 * DevKey and its secret.
 */
export type RouteAuth = "none" | "session" | "key" | "versions" | "dev" | `key:${Scope}`;

/** The scope that a route asks for, or null. */
export function requiredScope(auth: RouteAuth): Scope | null {
  return SCOPES.find((scope) => auth === `key:${scope}`) ?? null;
}

export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes("admin");
}
