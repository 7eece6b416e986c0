import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";
import { LIMIT, WORKFLOW } from "#cli/shared-specs";

const DELIVERY: ArgumentSpec = { name: "delivery", summary: "its id, the webhook-id that the receiver got" };

/** Deliveries of results, and what signs them. */
export const WEBHOOK_COMMANDS = [
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
] as const satisfies readonly CommandSpec[];
