import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";
import { LIMIT } from "#cli/shared-specs";

const MEMBER: ArgumentSpec = { name: "member", summary: "email or id" };
const PROFILE: ArgumentSpec = { name: "name", summary: "as profiles list names it" };
const ROLE_NAMES = ["owner", "editor", "operator", "viewer"] as const;
const ROLE: ArgumentSpec = { name: "role", summary: ROLE_NAMES.join(", ") };

/** Who may do what: API keys, members, what they did; as whom this machine asks. */
export const ACCESS_COMMANDS = [
  {
    name: "keys create",
    summary: "make an API key; it is shown this once",
    flags: [
      {
        name: "workflow",
        kind: "text",
        value: "workflow",
        many: true,
        summary: "id or name of a workflow that it reaches; needed but for the scope admin",
      },
      { name: "scope", kind: "text", value: "scopes", fallback: "invoke,query", summary: "invoke, query, draft, version, admin" },
      { name: "expires", kind: "text", value: "days", summary: "90d; default: never" },
      { name: "role", kind: "text", value: "role", values: ROLE_NAMES, summary: "of an admin key: how much it may manage; default: owner" },
      { name: "rate", kind: "text", value: "requests/seconds", summary: "100/60s; default: as many as come" },
      { name: "name", kind: "text", value: "name", summary: "what it is for" },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "keys list",
    summary: "list API keys, never the keys themselves",
    exits: ["auth"],
  },
  {
    name: "keys rotate",
    summary: "replace an API key; the new one is shown this once, the old one works until the overlap is over",
    arguments: [{ name: "key", summary: "its id, as keys list names it" }],
    flags: [{ name: "overlap", kind: "duration", value: "duration", fallback: "24h", summary: "how long both work; 0s: not at all" }],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "keys revoke",
    summary: "revoke an API key",
    arguments: [{ name: "key", summary: "its id, as keys list names it" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "dev-keys create",
    summary: "make a DevKey, which imports workflows for the organisation; its secret is shown this once",
    flags: [
      { name: "name", kind: "text", value: "name", summary: "what it is for" },
      { name: "expires", kind: "text", value: "days", summary: "90d; default: never" },
    ],
    exits: ["auth"],
  },
  {
    name: "dev-keys list",
    summary: "list DevKeys, never their secrets",
    exits: ["auth"],
  },
  {
    name: "dev-keys revoke",
    summary: "revoke a DevKey; what it made stays",
    arguments: [{ name: "key", summary: "the DevKey, as dev-keys list names it" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "members list",
    summary: "list members and open invitations",
    exits: ["auth"],
  },
  {
    name: "members invite",
    summary: "make a link for a new member; it works once, and no mail is sent",
    arguments: [{ name: "email", summary: "of the invited" }],
    flags: [{ name: "role", kind: "text", value: "role", values: ROLE_NAMES, fallback: "viewer", summary: "what the member may do" }],
    exits: ["auth", "conflict"],
  },
  {
    name: "members set-role",
    summary: "say what a member may do",
    arguments: [MEMBER, ROLE],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "members disable",
    summary: "end a member's sessions, and refuse new ones",
    arguments: [MEMBER],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "members enable",
    summary: "let a disabled member sign in again",
    arguments: [MEMBER],
    exits: ["auth", "notFound"],
  },
  {
    name: "members remove",
    summary: "remove a member, or take back an invitation",
    arguments: [MEMBER],
    exits: ["auth", "notFound", "conflict", "interrupted"],
  },
  {
    name: "members create-owner",
    summary: "make an owner in the data directory while no server runs there, or give one a new password",
    arguments: [{ name: "email", summary: "of the owner" }],
    flags: [{ name: "password-stdin", kind: "switch", summary: "read the password from stdin" }],
    exits: ["version", "conflict", "interrupted"],
  },
  {
    name: "audit list",
    summary: "list who did what, newest first",
    flags: [
      { name: "actor", kind: "text", value: "id", summary: "only what this member or key did" },
      { name: "action", kind: "text", value: "action", summary: "only these: revokeKey, signIn, …" },
      { name: "target", kind: "text", value: "id", summary: "only what was done to this" },
      { name: "result", kind: "text", value: "result", values: ["done", "refused", "failed"], summary: "only these" },
      { name: "since", kind: "text", value: "time", summary: "since: 24h, or a date" },
      LIMIT,
    ],
    exits: ["auth"],
  },
  {
    name: "open",
    summary: "open the console, or the page of a run or workflow, signed in as the key; the link works once, for an hour",
    arguments: [{ name: "target", summary: "id of a run, or id or name of a workflow; default: the console", optional: true }],
    exits: ["auth", "notFound"],
  },
  {
    name: "login",
    summary: "check an API key and keep it for a profile; it is read from stdin or asked for",
    exits: ["auth", "interrupted"],
  },
  { name: "profiles list", summary: "list profiles: named settings and keys of this machine" },
  { name: "profiles use", summary: "use a profile where nobody names another", arguments: [PROFILE] },
  {
    name: "profiles delete",
    summary: "delete a profile with its key",
    arguments: [PROFILE],
    exits: ["notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
