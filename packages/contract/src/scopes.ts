/** What an API key may do. `admin` includes all others and the management API. */
export const SCOPES = ["invoke", "query", "draft", "admin", "version"] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route asks of its caller: nothing, any key, or a key with a scope. */
export type RouteAuth = "none" | "key" | `key:${Scope}`;

/** The scope that a route asks for, or null. */
export function requiredScope(auth: RouteAuth): Scope | null {
  return SCOPES.find((scope) => auth === `key:${scope}`) ?? null;
}

export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes("admin");
}
