import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec, FlagSpec } from "#cli/flag";
import { LIMIT } from "#cli/shared-specs";

const APPROVAL: ArgumentSpec = { name: "approval", summary: "its id, as approvals list names it" };
const ANSWER = [
  { name: "form", kind: "text", value: "json", summary: "what its form asks for: a JSON object, @file, or @- for stdin" },
  { name: "f", kind: "text", value: "key=value", many: true, summary: "one field of the form; may be given more than once" },
  { name: "comment", short: "m", kind: "text", value: "text", summary: "kept with the decision" },
] as const satisfies readonly FlagSpec[];
const exits = ["auth", "notFound", "conflict"] as const;

/** What runs ask people. */
export const APPROVAL_COMMANDS = [
  {
    name: "approvals list",
    summary: "list what is to be decided, newest runs first",
    flags: [
      { name: "mine", kind: "switch", summary: "only what this key or its bearer may decide" },
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name" },
      { name: "run", kind: "text", value: "run", summary: "only those of this run" },
      {
        name: "status",
        kind: "text",
        value: "status",
        values: ["OPEN", "DECIDED", "TIMED_OUT", "CANCELLED", "ALL"],
        fallback: "OPEN",
        summary: "only these",
      },
      LIMIT,
    ],
    exits: ["auth", "notFound"],
  },
  { name: "approvals show", summary: "print what is asked, and what was answered", arguments: [APPROVAL], exits: ["auth", "notFound"] },
  { name: "approvals approve", summary: "decide an approval with its action approve", arguments: [APPROVAL], flags: ANSWER, exits },
  { name: "approvals reject", summary: "decide an approval with its action reject", arguments: [APPROVAL], flags: ANSWER, exits },
  {
    name: "approvals decide",
    summary: "decide an approval with any of its actions",
    arguments: [APPROVAL, { name: "action", summary: "name of the action" }],
    flags: ANSWER,
    exits,
  },
  {
    name: "approvals link",
    summary: "print a link with which one person decides without an account",
    arguments: [APPROVAL],
    flags: [
      { name: "for", kind: "text", value: "person", summary: "whose link it is: an email or a name; needed" },
      { name: "expires", kind: "duration", value: "duration", fallback: "7d", summary: "how long it works, 1 hour to 90 days" },
    ],
    exits,
  },
] as const satisfies readonly CommandSpec[];
