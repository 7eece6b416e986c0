import type { Scope } from "#scopes";

/** What a member or an admin key is to the server, the widest first. Each includes those after it. */
export const ROLES = ["owner", "editor", "operator", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a route of the management API asks for at least. view: read what is no secret; operate: keep runs and deliveries going; edit:
 * change workflows, their keys and secrets; administer: members, admin keys, the audit log.
 */
export const PERMISSIONS = ["view", "operate", "edit", "administer"] as const;
export type Permission = (typeof PERMISSIONS)[number];

const LEAST_ROLE: { readonly [P in Permission]: Role } = { view: "viewer", operate: "operator", edit: "editor", administer: "owner" };

/** The least role that has the permission. */
export function leastRole(permission: Permission): Role {
  return LEAST_ROLE[permission];
}

export function roleMay(role: Role, permission: Permission): boolean {
  return roleIncludes(role, LEAST_ROLE[permission]);
}

/** True also where both are the same. */
export function roleIncludes(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(other);
}

const SCOPES_OF_ROLE: { readonly [R in Role]: readonly Scope[] } = {
  owner: ["admin"],
  editor: ["invoke", "query", "draft", "version"],
  operator: ["invoke", "query"],
  viewer: ["query"],
};

/** What the role comes to on the run API. */
export function scopesOfRole(role: Role): readonly Scope[] {
  return SCOPES_OF_ROLE[role];
}
