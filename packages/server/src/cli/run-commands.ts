import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec, FlagSpec } from "#cli/flag";
import { LIMIT } from "#cli/shared-specs";

const RUN: ArgumentSpec = { name: "run", summary: "id of the run" };
const SOME_RUN: ArgumentSpec = { name: "run", summary: "id of the run; without one, the flags say which", optional: true };
const BULK_FILTER = [
  { name: "workflow", kind: "text", value: "workflow", summary: "every run of this workflow" },
  {
    name: "status",
    kind: "text",
    value: "status",
    values: ["PENDING", "RUNNING", "SUCCEED", "FAILED"],
    summary: "every run in this state",
  },
  { name: "user", kind: "text", value: "id", summary: "every run of this userId" },
  { name: "since", kind: "text", value: "time", summary: "every run accepted since: 24h, or a date" },
] as const satisfies readonly FlagSpec[];

/** Runs, read and controlled, one by one or many at once. */
export const RUN_COMMANDS = [
  {
    name: "runs list",
    summary: "list runs, newest first",
    flags: [
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name" },
      { name: "status", kind: "text", value: "status", values: ["PENDING", "RUNNING", "SUCCEED", "FAILED"], summary: "only these" },
      { name: "user", kind: "text", value: "id", summary: "only runs of this userId" },
      {
        name: "trigger",
        kind: "text",
        value: "trigger",
        values: ["api", "schedule", "webhook", "manual", "retry", "workflow", "draft"],
        summary: "only runs that it began",
      },
      { name: "since", kind: "text", value: "time", summary: "accepted since: 24h, or a date" },
      { name: "min-cost", kind: "text", value: "credits", summary: "only runs that cost so many credits or more" },
      {
        name: "q",
        long: true,
        kind: "text",
        value: "condition",
        summary: `a condition on input, output, error or run: 'input.topic ~ "AI"', 'run.user != "u1"'; with = != ~ > < >= <=, several joined by and`,
      },
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
    name: "runs follow",
    summary: "print what happens in a run as it happens, to its end; -o json: one event a line",
    arguments: [RUN],
    exits: ["no", "auth", "notFound", "interrupted"],
  },
  {
    name: "runs wait",
    summary: "wait for a run to end and print its result; exit 8 when --timeout is over",
    arguments: [RUN],
    exits: ["no", "auth", "notFound", "timeout", "interrupted"],
  },
  {
    name: "runs cancel",
    summary: "cancel a run, or every run of a filter; it ends FAILED",
    arguments: [SOME_RUN],
    flags: BULK_FILTER,
    exits: ["auth", "notFound", "conflict", "interrupted"],
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
    name: "runs share",
    summary: "print a link with which anybody looks at a run, without an account",
    arguments: [RUN],
    flags: [{ name: "expires", kind: "duration", value: "duration", fallback: "7d", summary: "how long it works, 1 hour to 90 days" }],
    exits: ["auth", "notFound", "conflict"],
  },
  { name: "runs shares", summary: "list the links to a run that work", arguments: [RUN], exits: ["auth", "notFound"] },
  {
    name: "runs unshare",
    summary: "revoke a link to a run",
    arguments: [RUN, { name: "link", summary: "its id, as runs shares lists it" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "runs replay",
    summary: "run an ended run, or every run of a filter, again, as new runs, from where they failed",
    arguments: [SOME_RUN],
    flags: [
      {
        name: "from",
        kind: "text",
        value: "place",
        fallback: "failed",
        summary: "failed (what finished keeps its result, at no cost), start, or the id of a node",
      },
      {
        name: "version",
        kind: "text",
        value: "version",
        fallback: "same",
        summary: "same, live, draft, or the name of a version",
      },
      { name: "input", kind: "text", value: "json", summary: "another input, with --from start: a JSON object, @file, or @- for stdin" },
      { name: "preview", kind: "switch", summary: "only say what would be reused, and what would run again" },
      ...BULK_FILTER,
    ],
    exits: ["auth", "notFound", "limited", "conflict", "interrupted"],
  },
  {
    name: "logs",
    summary: "print what the nodes of a run wrote and how they failed, or those of the newest runs; -o json: one line a line",
    arguments: [{ name: "run", summary: "id of the run; default: the newest runs, oldest first", optional: true }],
    flags: [
      { name: "follow", short: "f", kind: "switch", summary: "go on, to the end of the run, or for ever" },
      { name: "node", kind: "text", value: "node", summary: "only what this node wrote, by its id" },
      {
        name: "level",
        kind: "text",
        value: "level",
        values: ["debug", "info", "warn", "error"],
        fallback: "debug",
        summary: "the least level",
      },
      { name: "workflow", kind: "text", value: "workflow", summary: "only runs of this workflow, by id or name" },
      LIMIT,
    ],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
