import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec, FlagSpec } from "#cli/flag";

/** Singular forms are accepted too; `version` alone is a command of its own. */
export const GROUPS: { readonly [group: string]: { readonly singular: string; readonly summary: string } } = {
  workflows: { singular: "workflow", summary: "list, read and delete workflows" },
  runs: { singular: "run", summary: "list, read, wait for, signal, cancel and replay runs" },
  versions: { singular: "version", summary: "list versions, make one live, go back" },
  keys: { singular: "key", summary: "create, list and revoke API keys" },
  webhooks: { singular: "webhook", summary: "listen to webhooks, send tests, deliveries and secrets" },
  "webhooks deliveries": { singular: "delivery", summary: "list, read and send again what was or was not delivered" },
  "webhooks secret": { singular: "secret", summary: "show or replace the secret that signs a workflow's webhooks" },
};

const WORKFLOW: ArgumentSpec = { name: "workflow", summary: "id or name" };
const RUN: ArgumentSpec = { name: "run", summary: "id of the run" };
const DELIVERY: ArgumentSpec = { name: "delivery", summary: "its id, the webhook-id that the receiver got" };
const FILES: ArgumentSpec = { name: "files", summary: "files or folders; default ./flows", optional: true, many: true };
const LIMIT: FlagSpec = { name: "limit", kind: "integer", value: "rows", fallback: "20", summary: "rows at most; 0: all" };
const PORT: FlagSpec = { name: "port", kind: "integer", value: "port", fallback: "7788", summary: "where to listen; 0: any free port" };

const ALL = [
  {
    name: "dev",
    summary: "serve ./flows and publish every change, with an embedded database in ./.millrace",
    flags: [PORT, { name: "reset", kind: "switch", summary: "begin anew: the data directory is moved aside, after a question" }],
    exits: ["version", "conflict", "interrupted"],
  },
  {
    name: "start",
    summary: "serve, for production: nothing is watched, no key is written",
    flags: [PORT],
    exits: ["version", "conflict", "interrupted"],
  },
  {
    name: "invoke",
    summary: "run a workflow and print its result",
    arguments: [WORKFLOW],
    flags: [
      { name: "i", kind: "text", value: "key=value", many: true, summary: "one input; its type is the Start node's" },
      { name: "input", kind: "text", value: "json", summary: "all inputs: a JSON object, @file, or @- for stdin" },
      { name: "user", kind: "text", value: "id", summary: "userId of the run" },
      { name: "async", kind: "switch", summary: "do not wait for the result" },
      {
        name: "wait",
        kind: "duration",
        value: "duration",
        summary: "wait this long at most (--wait alone: 30s); exit 8 when the run goes on",
      },
      { name: "version", kind: "text", value: "version", summary: "another version than the live one" },
      { name: "webhook", kind: "text", value: "url", many: true, summary: "send the result there by POST" },
      { name: "start-at", kind: "text", value: "time", summary: "with --async: not before this moment does it begin" },
      { name: "idempotency-key", kind: "text", value: "key", summary: "the same key and input answer the same run" },
      { name: "repeat", kind: "integer", value: "times", fallback: "1", summary: "run it so many times; -o json prints one result a line" },
    ],
    exits: ["no", "auth", "notFound", "limited", "timeout", "interrupted"],
  },
  {
    name: "workflows list",
    summary: "list workflows",
    flags: [LIMIT],
    exits: ["auth"],
  },
  {
    name: "workflows get",
    summary: "print a workflow with its draft",
    arguments: [WORKFLOW],
    exits: ["auth", "notFound"],
  },
  {
    name: "workflows delete",
    summary: "delete a workflow; runs that were accepted go on",
    arguments: [WORKFLOW],
    exits: ["auth", "notFound", "interrupted"],
  },
  {
    name: "runs list",
    summary: "list runs, newest first",
    flags: [
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name" },
      { name: "status", kind: "text", value: "status", values: ["PENDING", "RUNNING", "SUCCEED", "FAILED"], summary: "only these" },
      { name: "user", kind: "text", value: "id", summary: "only runs of this userId" },
      { name: "since", kind: "text", value: "time", summary: "accepted since: 24h, or a date" },
      LIMIT,
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "runs get",
    summary: "print a run with what each node did",
    arguments: [RUN],
    exits: ["auth", "notFound"],
  },
  {
    name: "runs wait",
    summary: "wait for a run to end and print its result; exit 8 when --timeout is over",
    arguments: [RUN],
    exits: ["no", "auth", "notFound", "timeout", "interrupted"],
  },
  {
    name: "runs cancel",
    summary: "cancel a run; it ends FAILED",
    arguments: [RUN],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "runs signal",
    summary: "tell a run what a node of it waits for",
    arguments: [RUN, { name: "signal", summary: "name of the signal" }],
    flags: [
      { name: "value", kind: "text", value: "json", summary: "what the node gets: JSON, a text, @file or @-; default null" },
      { name: "id", kind: "text", value: "id", summary: "a second signal with the same id is none" },
    ],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "runs replay",
    summary: "run a failed run again, as a new run, from where it failed",
    arguments: [RUN],
    flags: [
      {
        name: "from",
        kind: "text",
        value: "place",
        values: ["failed", "start"],
        fallback: "failed",
        summary: "failed: what finished keeps its result, at no cost",
      },
      {
        name: "version",
        kind: "text",
        value: "version",
        values: ["same", "live"],
        fallback: "same",
        summary: "live: the version that is live now, from the start only",
      },
    ],
    exits: ["auth", "notFound", "limited", "conflict"],
  },
  {
    name: "validate",
    summary: "check workflow files, without a server",
    arguments: [FILES],
    exits: ["no"],
  },
  {
    name: "deploy",
    summary: "create or update workflows from files",
    arguments: [FILES],
    flags: [
      { name: "publish", kind: "switch", summary: "make them live" },
      { name: "note", short: "m", kind: "text", value: "text", summary: "why, kept with the version" },
      { name: "dry-run", kind: "switch", summary: "say what would change, change nothing" },
      { name: "if-revision", kind: "integer", value: "number", summary: "only while the draft has this revision" },
    ],
    exits: ["no", "auth", "conflict"],
  },
  {
    name: "versions list",
    summary: "list versions, newest first",
    arguments: [WORKFLOW],
    exits: ["auth", "notFound"],
  },
  {
    name: "versions promote",
    summary: "make a version live",
    arguments: [WORKFLOW, { name: "version", summary: "as versions list names it" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "versions rollback",
    summary: "make an older version live; the draft is untouched",
    arguments: [WORKFLOW, { name: "version", summary: "default: the one before the live one", optional: true }],
    exits: ["auth", "notFound"],
  },
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
    name: "keys revoke",
    summary: "revoke an API key",
    arguments: [{ name: "key", summary: "its id, as keys list names it" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "webhooks listen",
    summary: "print every delivery of the server and forward it to a URL of this machine",
    arguments: [{ name: "url", summary: "where to: http://localhost:3000/hook" }],
    exits: ["auth", "limited", "interrupted"],
  },
  {
    name: "webhooks trigger",
    summary: "send a signed test event to a URL, or to those who listen",
    arguments: [WORKFLOW, { name: "url", summary: "default: those who listen alone", optional: true }],
    exits: ["no", "auth", "notFound"],
  },
  {
    name: "webhooks deliveries list",
    summary: "list deliveries, newest run first",
    flags: [
      { name: "run", kind: "text", value: "run", summary: "only those of this run" },
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name" },
      { name: "state", kind: "text", value: "state", values: ["waiting", "due", "delivered", "failed", "disabled"], summary: "only these" },
      { name: "since", kind: "text", value: "time", summary: "of runs accepted since: 24h, or a date" },
      LIMIT,
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "webhooks deliveries get",
    summary: "print a delivery with its attempts",
    arguments: [DELIVERY],
    exits: ["auth", "notFound"],
  },
  {
    name: "webhooks deliveries resend",
    summary: "send a delivery again, under the same webhook-id",
    arguments: [DELIVERY],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "webhooks deliveries recover",
    summary: "send again all that failed",
    flags: [
      { name: "since", kind: "text", value: "time", summary: "that failed since: 1h, or a date; needed" },
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name; default: all" },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "webhooks secret show",
    summary: "print the secret that signs the webhooks of a workflow",
    arguments: [WORKFLOW],
    exits: ["auth", "notFound"],
  },
  {
    name: "webhooks secret rotate",
    summary: "replace the secret; for 24 hours the one before signs too",
    arguments: [WORKFLOW],
    exits: ["auth", "notFound", "interrupted"],
  },
  {
    name: "import",
    summary: "import a GPTBots .flow file, or a workflow document",
    arguments: [{ name: "file", summary: "the file" }],
    flags: [{ name: "publish", kind: "switch", summary: "make it live" }],
    exits: ["auth", "conflict"],
  },
  {
    name: "backup",
    summary: "write everything but the secret key into one file, also while a server runs",
    arguments: [{ name: "file", summary: "the archive to make: backup.tgz" }],
    exits: ["no", "notFound", "interrupted"],
  },
  {
    name: "restore",
    summary: "put a backup into a data directory that no server uses",
    arguments: [{ name: "file", summary: "the archive" }],
    flags: [{ name: "to", kind: "text", value: "dir", summary: "default: the data directory of the settings" }],
    exits: ["no", "notFound", "version", "conflict", "interrupted"],
  },
  {
    name: "migrate",
    summary: "bring the data up to this release's schema, after a backup; every start does the same",
    flags: [{ name: "dry-run", kind: "switch", summary: "list the steps and the time that they may take, change nothing" }],
    exits: ["no", "notFound", "version", "conflict"],
  },
  {
    name: "doctor",
    summary: "check this machine, the data and the settings; silent when all is well",
    exits: ["no"],
  },
  {
    name: "whoami",
    summary: "print every setting with its source, and what the key is",
  },
  {
    name: "help",
    summary: "describe the commands; with --json, all of them for programs",
    arguments: [{ name: "command", summary: "default: all", optional: true, many: true }],
  },
  { name: "version", summary: "print the version" },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof ALL)[number]["name"];

/** Every command of this release. */
export const COMMANDS: readonly (CommandSpec & { readonly name: CommandName })[] = ALL;
