// A server in a process of its own, which dies at the failpoint that its environment names, in a run of an imported LLM node whose model uses
// a plugin twice. Arguments: data directory, URL of the model server, URL of the plugin's service. Prints the key and the run.

import { startTestServer } from "#testing/server";
import { connectModels } from "../models/harness.ts";
import { importFile, importPlugin, pluginFlow } from "./plugins.ts";

const [, , dataDir = "", models = "", tools = ""] = process.argv;
const server = await startTestServer({ dataDir, settings: { egressAllow: `${new URL(models).host},${new URL(tools).host}` } });
await connectModels(server, models);
const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
await importPlugin({ server, admin }, tools);
await importFile({ server, admin }, pluginFlow("killed", {}));
const { key } = await server.app.apiKeys.create("default", { workflows: ["killed"] });
const { json } = await server.invoke(key, { input: { q: "go" }, isAsync: true });
process.stdout.write(`${key} ${String(json["workflowRunId"])}\n`);
