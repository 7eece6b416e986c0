import { ACCESS_COMMANDS } from "#cli/access-commands";
import { ALERT_COMMANDS } from "#cli/alert-commands";
import { APPROVAL_COMMANDS } from "#cli/approval-commands";
import type { CommandSpec } from "#cli/command";
import { FILE_COMMANDS } from "#cli/file-commands";
import type { FlagSpec } from "#cli/flag";
import { KNOWLEDGE_COMMANDS } from "#cli/knowledge-commands";
import { MODEL_COMMANDS } from "#cli/model-commands";
import { PROJECT_COMMANDS } from "#cli/project-commands";
import { RUN_COMMANDS } from "#cli/run-commands";
import { SECRET_COMMANDS } from "#cli/secret-commands";
import { FILES, LIMIT, WORKFLOW } from "#cli/shared-specs";
import { STARTER_COMMANDS } from "#cli/starter-commands";
import { TOOL_COMMANDS } from "#cli/tool-commands";
import { USAGE_COMMANDS } from "#cli/usage-commands";
import { WEBHOOK_COMMANDS } from "#cli/webhook-commands";

/** Singular forms are accepted too; `version` alone is a command of its own. */
export const GROUPS: { readonly [group: string]: { readonly singular: string; readonly summary: string } } = {
  templates: { singular: "template", summary: "what a project can begin with" },
  workflows: { singular: "workflow", summary: "list, read and delete workflows" },
  runs: { singular: "run", summary: "list, read, follow, wait for, signal, cancel and replay runs" },
  versions: { singular: "version", summary: "list and show versions, make one live, go back" },
  jobs: { singular: "job", summary: "look after jobs over many runs: runs cancel, runs replay with a filter" },
  schedules: { singular: "schedule", summary: "run workflows at due times: make, list, pause, resume, delete schedules" },
  hooks: { singular: "hook", summary: "let requests of other systems start workflows: make, list, rotate, delete hooks" },
  approvals: { singular: "approval", summary: "list, show and decide what runs ask people; links for those without an account" },
  keys: { singular: "key", summary: "create, list, rotate and revoke API keys" },
  "dev-keys": { singular: "dev-key", summary: "create, list and revoke keys that import workflows for the organisation" },
  webhooks: { singular: "webhook", summary: "listen to webhooks, send tests, deliveries and secrets" },
  "webhooks deliveries": { singular: "delivery", summary: "list, read and send again what was or was not delivered" },
  "webhooks secret": { singular: "secret", summary: "show or replace the secret that signs a workflow's webhooks" },
  profiles: { singular: "profile", summary: "list, choose and delete named settings and keys of this machine" },
  members: { singular: "member", summary: "list, invite and remove who may sign in, and say what they may do" },
  audit: { singular: "audit", summary: "who did what" },
  secrets: { singular: "secret", summary: "set, list and delete the secrets that workflows read" },
  knowledge: { singular: "knowledge", summary: "make knowledge bases, add documents, search them" },
  connections: { singular: "connection", summary: "set, list, test and delete the services that workflows use" },
  models: { singular: "model", summary: "list and test the models that workflows may name" },
  prices: { singular: "price", summary: "set, list and remove what models cost" },
  budgets: { singular: "budget", summary: "set, list and remove what may be spent" },
  alerts: { singular: "alert", summary: "make, list, test and delete rules that tell when something goes wrong" },
  tools: { singular: "tool", summary: "import, list and remove the operations that workflows call" },
};

const PORT: FlagSpec = { name: "port", kind: "integer", value: "port", fallback: "7788", summary: "where to listen; 0: any free port" };

const ALL = [
  ...PROJECT_COMMANDS,
  {
    name: "dev",
    summary: "serve ./flows and publish every change, with an embedded database in ./.millrace",
    flags: [
      PORT,
      { name: "open", kind: "switch", summary: "open the console in the browser, signed in" },
      { name: "reset", kind: "switch", summary: "begin anew: the data directory is moved aside, after a question" },
    ],
    exits: ["no", "version", "conflict", "interrupted"],
  },
  {
    name: "start",
    summary: "serve, for production: nothing is watched, no key is written",
    flags: [
      PORT,
      {
        name: "role",
        kind: "text",
        value: "role",
        values: ["all", "api", "worker"],
        summary: "with several processes on one database: api answers requests, worker drives runs; default all",
      },
    ],
    exits: ["no", "version", "conflict", "interrupted"],
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
      { name: "stream", kind: "switch", summary: "print what happens as it happens, a line an event; the result is the last line" },
      { name: "draft", kind: "switch", summary: "run the draft; the key needs the scope draft" },
      { name: "version", kind: "text", value: "version", summary: "another version than the live one" },
      {
        name: "mock",
        kind: "switch",
        summary: "run the draft with the built-in model in place of every model that it names; needs no key of a provider",
      },
      { name: "webhook", kind: "text", value: "url", many: true, summary: "send the result there by POST" },
      { name: "start-at", kind: "text", value: "time", summary: "with --async: not before this moment does it begin" },
      { name: "idempotency-key", kind: "text", value: "key", summary: "the same key and input answer the same run" },
      { name: "cancel-on-interrupt", kind: "switch", summary: "Ctrl+C cancels the run; without it the run goes on" },
      { name: "repeat", kind: "integer", value: "times", fallback: "1", summary: "run it so many times; -o json prints one result a line" },
    ],
    exits: ["no", "auth", "notFound", "limited", "timeout", "interrupted"],
  },
  {
    name: "workflows list",
    summary: "list workflows",
    flags: [{ name: "tag", kind: "text", value: "tag", summary: "only those whose draft has this tag" }, LIMIT],
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
  ...RUN_COMMANDS,
  {
    name: "validate",
    summary: "check workflow files, without a server",
    arguments: [FILES],
    exits: ["no"],
  },
  ...FILE_COMMANDS,
  {
    name: "test",
    summary: "run the cases of test files on the real interpreter, with mocks, without a server or a network",
    arguments: [{ name: "files", summary: "test files or folders; default ./flows", optional: true, many: true }],
    flags: [
      { name: "update", kind: "switch", summary: "make what cases expect what their runs did, in the files" },
      { name: "record", kind: "switch", summary: "do for real what is not mocked, and keep it for later runs" },
      { name: "reporter", kind: "text", value: "form", values: ["tap", "junit", "json"], summary: "print the report in this form" },
      { name: "bail", kind: "switch", summary: "stop at the first case that fails" },
    ],
    exits: ["no", "version"],
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
    summary: "list versions, newest first, with their runs and how many of them failed",
    arguments: [WORKFLOW],
    flags: [LIMIT],
    exits: ["auth", "notFound"],
  },
  {
    name: "versions show",
    summary: "print a version: its note, when it was made, its nodes; -o json: its document",
    arguments: [WORKFLOW, { name: "version", summary: "default: the live one", optional: true }],
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
  ...STARTER_COMMANDS,
  ...APPROVAL_COMMANDS,
  ...ACCESS_COMMANDS,
  ...WEBHOOK_COMMANDS,
  ...SECRET_COMMANDS,
  ...KNOWLEDGE_COMMANDS,
  ...MODEL_COMMANDS,
  ...USAGE_COMMANDS,
  ...ALERT_COMMANDS,
  ...TOOL_COMMANDS,
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
    name: "migrate-store",
    summary: "move all data from the data directory into PostgreSQL, or back; compares every row, goes on after an interruption",
    flags: [
      {
        name: "from",
        kind: "text",
        value: "store",
        values: ["sqlite", "postgres"],
        summary: "sqlite: the data directory; postgres: MILLRACE_DATABASE_URL",
      },
      {
        name: "to",
        kind: "text",
        value: "store",
        values: ["sqlite", "postgres"],
        summary: "where it goes: empty, or what an earlier move has left",
      },
    ],
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
    name: "completion",
    summary: "print what makes a shell complete commands, flags and workflow names:   source <(millrace completion bash)",
    arguments: [
      { name: "shell", summary: "bash, zsh or fish; complete: what the scripts ask, with the words of a line behind it" },
      { name: "words", summary: "of the line, the one that is being typed last", optional: true, many: true },
    ],
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
