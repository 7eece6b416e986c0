import type { UsageGroup } from "@millrace/contract";
import type { CommandSpec } from "#cli/command";

/** As the contract has them: the help loads no schemas. */
const GROUPS: readonly UsageGroup[] = ["workflow", "version", "key", "user", "model", "kind", "day"];

/** What runs cost, and what they may cost. */
export const USAGE_COMMANDS = [
  {
    name: "usage",
    summary: "what runs cost, by workflow, version, key, user, model, kind or day",
    flags: [
      { name: "by", kind: "text", value: "group", values: GROUPS, fallback: "day", summary: "what the rows are" },
      { name: "from", kind: "text", value: "time", summary: "since: 24h, or a date; default: 30 days" },
      { name: "to", kind: "text", value: "time", summary: "until: a date; default: now" },
      { name: "time-zone", kind: "text", value: "zone", fallback: "UTC", summary: "where days begin: Europe/Berlin" },
      { name: "drafts", kind: "switch", summary: "count what runs of drafts paid, too" },
      { name: "csv", kind: "switch", summary: "print all rows as CSV" },
    ],
    exits: ["auth"],
  },
  {
    name: "budgets list",
    summary: "list budgets with what is spent and left",
    exits: ["auth"],
  },
  {
    name: "budgets set",
    summary: "set what may be spent by the server, a workflow, a key or a user",
    arguments: [{ name: "credits", summary: "100 are US$1; 0: nothing" }],
    flags: [
      { name: "workflow", kind: "text", value: "workflow", summary: "what runs of this workflow pay" },
      { name: "key", kind: "text", value: "id", summary: "what runs of this API key pay" },
      { name: "user", kind: "text", value: "id", summary: "what runs of this userId pay" },
      {
        name: "period",
        kind: "text",
        value: "period",
        values: ["day", "month", "total"],
        fallback: "month",
        summary: "begins anew after it",
      },
      { name: "time-zone", kind: "text", value: "zone", fallback: "UTC", summary: "where days and months begin" },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "budgets remove",
    summary: "remove a budget",
    arguments: [{ name: "budget", summary: "its id" }],
    exits: ["auth", "notFound"],
  },
] as const satisfies readonly CommandSpec[];
