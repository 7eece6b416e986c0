// A server in a process of its own, which dies at the failpoint that its environment names while it does what the second argument says.
// Arguments: data directory, id of the route.

import { DEFAULT_TENANT } from "#app";
import { Browser, setUpOwner } from "#testing/browser";
import { startTestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const [, , dataDir = "", route = ""] = process.argv;
const server = await startTestServer({ dataDir });
const owner = await setUpOwner(server);

/** Asks nobody, and waits for a signal that never comes: it is put to sleep at once. */
const waiting = document(
  "waiting",
  [start({}), { id: "pause", type: "delay", forMs: 3_600_000 }, { id: "end", type: "end", output: {} }],
  ["start -> pause", "pause -> end"],
);

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
    const { key } = await server.publish(waiting);
    const begun = await server.invoke(key, { input: {}, isAsync: true });
    await owner.call("POST", `/api/v1/runs/${String(begun.json["workflowRunId"])}/cancel`, { body: {} });
  },
};

await DOING[route]?.();
process.exit(3);
