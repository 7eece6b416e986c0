import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";

const SECRET: ArgumentSpec = { name: "name", summary: "as workflows read it: secrets.NAME" };
const CONNECTION: ArgumentSpec = { name: "connection", summary: "its name" };

/** Credentials that workflows use. */
export const SECRET_COMMANDS = [
  {
    name: "secrets list",
    summary: "list secrets with who names them, never their values",
    exits: ["auth"],
  },
  {
    name: "secrets set",
    summary: "make a secret or replace its value, which is read from stdin or asked for",
    arguments: [SECRET],
    exits: ["auth", "interrupted"],
  },
  {
    name: "secrets delete",
    summary: "delete a secret; nodes that read it fail from then on",
    arguments: [SECRET],
    exits: ["auth", "notFound", "interrupted"],
  },
  {
    name: "connections list",
    summary: "list connections with who names them, never their credentials",
    exits: ["auth"],
  },
  {
    name: "connections set",
    summary: "make a connection or change it; its credential is read from stdin or asked for",
    arguments: [CONNECTION],
    flags: [
      { name: "base-url", kind: "text", value: "url", summary: "where the service is; needed for a new connection" },
      {
        name: "auth",
        kind: "text",
        value: "kind",
        values: ["bearer", "basic", "header", "query", "none", "keep"],
        fallback: "bearer",
        summary: "how the credential is sent; keep: the one that is stored",
      },
      { name: "field", kind: "text", value: "name", summary: "of the header or query parameter" },
      { name: "user", kind: "text", value: "name", summary: "user name of --auth basic" },
      {
        name: "host",
        kind: "text",
        value: "host",
        many: true,
        summary: "host or host:port that the credential may go to; default: the base URL's",
      },
      { name: "provider", kind: "text", value: "kind", summary: "the kind of service; default http" },
    ],
    exits: ["auth", "interrupted"],
  },
  {
    name: "connections test",
    summary: "ask the base URL of a connection, with its credential, from the server",
    arguments: [CONNECTION],
    exits: ["no", "auth", "notFound"],
  },
  {
    name: "connections delete",
    summary: "delete a connection with its credential; nodes that use it fail from then on",
    arguments: [CONNECTION],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
