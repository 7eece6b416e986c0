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
      { name: "base-url", kind: "text", value: "url", summary: "where the service is; model providers have one that is known" },
      {
        name: "auth",
        kind: "text",
        value: "kind",
        values: ["key", "bearer", "basic", "header", "query", "none", "keep"],
        fallback: "key",
        summary: "how the credential is sent; key: as the provider takes it, mostly bearer; keep: the one that is stored",
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
      {
        name: "provider",
        kind: "text",
        value: "kind",
        summary: "the kind of service: http (default), or a model provider: openai, anthropic, google, azure, ollama, …",
      },
      {
        name: "setting",
        kind: "text",
        value: "name=value",
        many: true,
        summary: "what else the provider takes: concurrency=4, models=a,b; an empty value removes it",
      },
    ],
    exits: ["auth", "interrupted"],
  },
  {
    name: "connections test",
    summary: "ask the base URL of a connection, or a model of a model provider, with its credential, from the server",
    arguments: [CONNECTION],
    flags: [
      { name: "model", kind: "text", value: "model", summary: "of a model provider: what to ask, as the provider or as workflows name it" },
    ],
    exits: ["no", "auth", "notFound"],
  },
  {
    name: "connections delete",
    summary: "delete a connection with its credential; nodes that use it fail from then on",
    arguments: [CONNECTION],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
