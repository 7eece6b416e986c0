import type { AlertKind } from "@millrace/contract";
import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";

/** As the contract has them, each once: the help loads no schemas. */
const OF_KIND = {
  consecutive_failures: true,
  failure_rate: true,
  error_count: true,
  latency_threshold: true,
  latency_spike: true,
  cost_threshold: true,
  no_activity: true,
  webhook_failing: true,
  budget: true,
} satisfies Record<AlertKind, true>;
export const KINDS = Object.keys(OF_KIND) as readonly AlertKind[];

const ALERT: ArgumentSpec = { name: "alert", summary: "its id, as alerts list names it" };

/** Who is told when something goes wrong. */
export const ALERT_COMMANDS = [
  { name: "alerts list", summary: "list alert rules with what they see", exits: ["auth"] },
  {
    name: "alerts create",
    summary: "be told by webhook or mail when something goes wrong",
    arguments: [
      { name: "kind", summary: KINDS.join(", ") },
      { name: "url", summary: "where a signed POST goes to, or mailto:ops@example.com" },
    ],
    flags: [
      { name: "workflow", kind: "text", value: "workflow", summary: "id or name; without it, all of them" },
      { name: "budget", kind: "text", value: "id", summary: "with budget: this one; without it, any" },
      { name: "threshold", kind: "text", value: "number", summary: "runs, percent, ms, times, credits or webhooks, by kind" },
      { name: "window", kind: "duration", value: "duration", summary: "looking back on: 15m, 1h, 7d" },
      { name: "quiet", kind: "duration", value: "duration", fallback: "1h", summary: "after firing, it does not fire again for so long" },
      { name: "slack", kind: "switch", summary: "send a text, as Slack takes it, in place of the event" },
      { name: "name", kind: "text", value: "name", summary: "what it is for" },
    ],
    exits: ["auth", "notFound", "conflict"],
  },
  { name: "alerts test", summary: "send what a rule would, marked as a test", arguments: [ALERT], exits: ["no", "auth", "notFound"] },
  { name: "alerts delete", summary: "delete an alert rule", arguments: [ALERT], exits: ["auth", "notFound"] },
] as const satisfies readonly CommandSpec[];
