import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { type AgentWorld, agentFlow, openAgentWorld, USAGE, using } from "./harness.ts";

// Tools that the server has a list of: operations of an imported document, and a real MCP server of the official SDK.

const PROGRAM = fileURLToPath(new URL("../tools/mcp-process.ts", import.meta.url));
const MCP_TOKEN = "a-token-of-the-mcp-server";
const CRM_TOKEN = "a-token-of-the-crm-4711";

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "CRM", version: "1" },
  paths: {
    "/members/{id}": {
      get: {
        operationId: "getMember",
        summary: "Reads a member.",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
      },
      delete: { operationId: "removeMember", parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }] },
    },
  },
};

let world: AgentWorld;
let mcp: ChildProcess;
before(async () => {
  mcp = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, "http"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(mcp.stdout as NonNullable<typeof mcp.stdout>, "data");
  const port = String(line).trim();
  world = await openAgentWorld([`127.0.0.1:${port}`]);
  await connect("wiki", { provider: "mcp", baseUrl: `http://127.0.0.1:${port}/mcp`, credential: { type: "bearer", value: MCP_TOKEN } });
  await connect("crm_api", { baseUrl: world.tools.url, credential: { type: "bearer", value: CRM_TOKEN } });
  const { status, text } = await world.house.manage("PUT", "/tools/crm", { document: JSON.stringify(DOCUMENT), connection: "crm_api" });
  assert.ok(status < 300, text);
});
after(async () => {
  await world.close();
  mcp.kill("SIGKILL");
});

async function connect(name: string, connection: object): Promise<void> {
  const { status, text } = await world.house.manage("PUT", `/connections/${name}`, connection);
  assert.equal(status, 200, text);
}

test("operations and tools of an MCP server are called with what the model gives; what does not fit, and what fails, is told to it", async () => {
  world.tools.answers.set("/members/7", { status: 200, body: { name: "Ada", token: CRM_TOKEN } });
  world.models.onTurn(
    0,
    "go",
    using(["crm_getMember", { id: 7 }], ["wiki_add", { a: 2, b: 3 }], ["wiki_fail", {}], ["crm_getMember", { id: "x" }]),
  );
  world.models.onTurn(1, "go", using(["crm_removeMember", { id: 7 }]));
  world.models.onTurn(2, "go", { content: "Ada, 5.", usage: USAGE });
  const { key } = await world.server.publish(
    agentFlow("listed", { tools: [{ tool: "crm" }, { tool: "wiki/add" }, { tool: "wiki/fail" }] }),
  );
  const { json } = await world.server.invoke(key, { input: { text: "go" } });
  assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
  const { steps } = (json["output"] as { result: JsonObject }).result;
  const [first] = steps as unknown as readonly { tools: readonly JsonObject[] }[];
  const outputs = first?.tools.map(({ output, isError }) => [output, isError]) ?? [];
  assert.deepEqual(outputs.slice(0, 2), [
    [{ name: "Ada", token: "***" }, false],
    [{ sum: 5 }, false],
  ]);
  assert.match(String(outputs[2]?.[0]), /^tool_error: .*no luck/);
  assert.match(String(outputs[3]?.[0]), /^type_error: /);
  assert.deepEqual(
    world.tools.asked.map(({ method, url, key: sent }) => [method, url, sent]),
    [
      ["GET", "/members/7", undefined],
      ["DELETE", "/members/7", `${String(json["workflowRunId"])}:agent:2.1`],
    ],
  );
  const seen = JSON.stringify(world.models.getRequests());
  for (const secret of [CRM_TOKEN, MCP_TOKEN]) assert.ok(!seen.includes(secret));
});

test("a collection that is not there is told when the workflow is published, and fails the agent", async () => {
  const { key } = await world.server.publish(agentFlow("gone", { tools: [{ tool: "crmm" }] }));
  const { json } = await world.server.invoke(key, { input: { text: "go" } });
  assert.equal((json["error"] as JsonObject)["type"], "missing_reference", JSON.stringify(json));
  const checked = await world.house.manage("POST", "/validate", { document: agentFlow("gone2", { tools: [{ tool: "crmm" }] }) });
  assert.match(checked.text, /unknown_tool/);
});
