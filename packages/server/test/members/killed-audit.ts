// A server in a process of its own, which dies at the failpoint that its environment names while it does what the second argument says.
// Arguments: data directory, id of the route.

import { setImmediate } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { Browser, setUpOwner } from "#testing/browser";
import { drivesItself } from "#testing/run-engine";
import { startTestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const [, , dataDir = "", route = ""] = process.argv;
const server = await startTestServer({ dataDir });
const owner = await setUpOwner(server);

/** Does nothing but wait: it is put to sleep at once. */
const waiting = waitsAt({ type: "delay", forMs: 3_600_000 }, "pause");
const asking = waitsAt({ type: "approval", title: "Go on?" }, "pause.approve");

function waitsAt(node: JsonObject, from: string): JsonObject {
  return document(
    "waiting",
    [start({}), { id: "pause", ...node }, { id: "end", type: "end", output: {} }],
    ["start -> pause", `${from} -> end`],
  );
}

/** Sleeps, where a process drives it: whichever process is asked takes it up itself. */
async function begun(workflow: JsonObject): Promise<string> {
  const { key } = await server.publish(workflow);
  const { json } = await server.invoke(key, { input: {}, isAsync: true });
  const runId = String(json["workflowRunId"]);
  while (drivesItself && !(await server.app.store.runs.asleep(DEFAULT_TENANT, runId))) await setImmediate();
  return runId;
}

async function openApproval(): Promise<string> {
  for (;;) {
    const [row] = await server.app.store.approvals.list(DEFAULT_TENANT, { limit: 1 });
    if (row) return row.id;
    await setImmediate();
  }
}

const DOING: { readonly [route: string]: () => Promise<unknown> } = {
  createKey: () => owner.call("POST", "/api/v1/keys", { body: { name: "made", workflows: [], scopes: ["admin"] } }),
  inviteMember: () => owner.call("POST", "/api/v1/invitations", { body: { email: "x@team.example", role: "viewer" } }),
  acceptInvitation: async () => {
    const { token } = await server.app.operators.members.invite(DEFAULT_TENANT, "y@team.example", "viewer");
    const body = { token, name: "Y", password: "a long sentence of a test" };
    await new Browser(server).call("POST", "/api/v1/invitations/accept", { body });
  },
  deleteWorkflow: async () => {
    await server.publish(waiting);
    await owner.call("DELETE", "/api/v1/workflows/waiting");
  },
  cancelOneRun: async () => {
    await owner.call("POST", `/api/v1/runs/${await begun(waiting)}/cancel`, { body: {} });
  },
  decideApproval: async () => {
    await begun(asking);
    await owner.call("POST", `/api/v1/approvals/${await openApproval()}/decide`, { body: { action: "approve" } });
  },
};

await DOING[route]?.();
process.exit(3);
