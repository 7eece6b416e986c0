import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";
import { LIMIT, WORKFLOW } from "#cli/shared-specs";

const JOB: ArgumentSpec = { name: "job", summary: "its id, as jobs list names it" };
const SCHEDULE: ArgumentSpec = { name: "schedule", summary: "its id, as schedules list names it" };
const HOOK: ArgumentSpec = { name: "hook", summary: "its id, as hooks list names it" };

/** What begins runs beside the run API: jobs over many runs, schedules, hooks. */
export const STARTER_COMMANDS = [
  {
    name: "jobs list",
    summary: "list jobs over many runs, newest first",
    flags: [LIMIT],
    exits: ["auth"],
  },
  {
    name: "jobs stop",
    summary: "stop a job; runs that it has not come to stay as they are",
    arguments: [JOB],
    exits: ["auth", "notFound"],
  },
  {
    name: "schedules create",
    summary: "run a workflow at due times",
    arguments: [WORKFLOW],
    flags: [
      { name: "cron", kind: "text", value: "expression", summary: "five fields, needed: '30 6 * * MON-FRI'" },
      { name: "time-zone", kind: "text", value: "zone", fallback: "UTC", summary: "IANA name: Europe/Berlin" },
      {
        name: "catch-up",
        kind: "text",
        value: "rule",
        values: ["none", "last", "all"],
        fallback: "last",
        summary: "which due times that were missed are made up for",
      },
      { name: "input", kind: "text", value: "json", summary: "of every run: a JSON object, @file, or @- for stdin" },
      { name: "user", kind: "text", value: "id", summary: "userId of the runs" },
      { name: "version", kind: "text", value: "version", fallback: "live", summary: "live, or the version that every run has" },
      { name: "name", kind: "text", value: "name", summary: "what it is for" },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "schedules list",
    summary: "list schedules with their next due time, newest first",
    flags: [{ name: "workflow", kind: "text", value: "workflow", summary: "id or name" }, LIMIT],
    exits: ["auth", "notFound"],
  },
  { name: "schedules pause", summary: "pause a schedule", arguments: [SCHEDULE], exits: ["auth", "notFound"] },
  {
    name: "schedules resume",
    summary: "resume a schedule; what fell due meanwhile is left out",
    arguments: [SCHEDULE],
    exits: ["auth", "notFound"],
  },
  {
    name: "schedules run",
    summary: "run a schedule's workflow now",
    arguments: [SCHEDULE],
    exits: ["auth", "notFound", "limited"],
  },
  {
    name: "schedules delete",
    summary: "delete a schedule; runs that it started go on",
    arguments: [SCHEDULE],
    exits: ["auth", "notFound"],
  },
  {
    name: "hooks create",
    summary: "let requests of another system start a workflow; the URL is shown this once",
    arguments: [WORKFLOW],
    flags: [
      { name: "method", kind: "text", value: "methods", fallback: "POST", summary: "GET, POST, PUT, PATCH; separated by commas" },
      {
        name: "input",
        kind: "text",
        value: "json",
        summary: "the run's input, with expressions over body, query, headers, method; default: the members of the body",
      },
      { name: "header", kind: "text", value: "name", many: true, summary: "a request header that --input may read" },
      { name: "wait", kind: "switch", summary: "answer the result instead of the run's id" },
      {
        name: "verify",
        kind: "text",
        value: "kind",
        values: ["none", "hmac", "github", "standard"],
        fallback: "none",
        summary: "check the sender's signature; the secret is made, and shown this once",
      },
      { name: "signature-header", kind: "text", value: "name", fallback: "X-Signature", summary: "where --verify hmac finds it" },
      { name: "secret-stdin", kind: "switch", summary: "the sender's own secret, from stdin" },
      { name: "rate", kind: "text", value: "requests/seconds", summary: "100/60s; default: 600/60s" },
      { name: "version", kind: "text", value: "version", fallback: "live", summary: "live, or the version that every run has" },
      { name: "name", kind: "text", value: "name", summary: "what it is for" },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "hooks list",
    summary: "list hooks, never their tokens, newest first",
    flags: [{ name: "workflow", kind: "text", value: "workflow", summary: "id or name" }, LIMIT],
    exits: ["auth", "notFound"],
  },
  {
    name: "hooks rotate",
    summary: "give a hook another URL; the old one works beside it for a while",
    arguments: [HOOK],
    flags: [{ name: "overlap", kind: "text", value: "hours", fallback: "24h", summary: "for how long, 0h to 168h" }],
    exits: ["auth", "notFound"],
  },
  { name: "hooks delete", summary: "delete a hook; runs that it started go on", arguments: [HOOK], exits: ["auth", "notFound"] },
] as const satisfies readonly CommandSpec[];
