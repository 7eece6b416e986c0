// A server in a process of its own, which dies at the failpoint that its environment names, in a run of an agent that calls its model three
// times and uses a tool twice. Arguments: data directory, URL of the model server, URL of the tool server. Prints the key and the run.

import { startTestServer } from "#testing/server";
import { connectModels } from "../models/harness.ts";
import { agentFlow, posting } from "./harness.ts";

const [, , dataDir = "", models = "", tools = ""] = process.argv;
const server = await startTestServer({ dataDir, settings: { egressAllow: `${new URL(models).host},${new URL(tools).host}` } });
await connectModels(server, models);
const { key } = await server.publish(agentFlow("killed", { tools: [posting(tools, "charge"), posting(tools, "mail")] }));
const { json } = await server.invoke(key, { input: { text: "go" }, isAsync: true });
process.stdout.write(`${key} ${String(json["workflowRunId"])}\n`);
