import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { stringify } from "yaml";
import { DEFAULT_TENANT } from "#app";
import { openToolWorld, type ToolWorld } from "./harness.ts";

const TOKEN = "a-token-of-the-crm";

/** One request that has reached the service. */
interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const member = {
  type: "object",
  required: ["id", "name"],
  properties: {
    id: { type: "integer", readOnly: true },
    name: { type: "string", minLength: 1 },
    boss: { $ref: "#/components/schemas/Member" },
  },
};

const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "CRM", version: "1.4.0" },
  servers: [{ url: "https://elsewhere.example.com" }],
  paths: {
    "/members/{id}": {
      parameters: [{ $ref: "#/components/parameters/Id" }],
      get: {
        operationId: "getMember",
        summary: "Read a member",
        parameters: [
          { name: "tags", in: "query", schema: { type: "array", items: { type: "string" } } },
          { name: "where", in: "query", style: "deepObject", schema: { type: "object" } },
          { name: "X-Trace", in: "header", schema: { type: "string" } },
          { name: "limit", in: "query", schema: { type: "integer", minimum: 1, nullable: true } },
        ],
      },
      put: {
        operationId: "put member!",
        requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Member" } } } },
      },
    },
    "/files": { post: { operationId: "upload", requestBody: { content: { "multipart/form-data": {} } } } },
    "/far": { get: { operationId: "far", parameters: [{ $ref: "https://elsewhere.example.com/params.json#/a" }] } },
    "/plain": { get: {}, post: { requestBody: { content: { "application/x-www-form-urlencoded": { schema: { type: "object" } } } } } },
    "/fails": { get: { operationId: "fails" } },
  },
  components: { schemas: { Member: member }, parameters: { Id: { name: "id", in: "path", required: true, schema: { type: "string" } } } },
};

describe("tools of an OpenAPI document", () => {
  let world: ToolWorld;
  let service: Server;
  const heard: Heard[] = [];

  before(async () => {
    service = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        heard.push({ method, url, headers, body });
        const status = url.startsWith("/api/fails") ? 422 : 200;
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ url, auth: headers.authorization }));
      });
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    world = await openToolWorld();
    await world.connect("crm_api", {
      baseUrl: `http://127.0.0.1:${(service.address() as AddressInfo).port}/api`,
      credential: { type: "bearer", value: TOKEN },
    });
    const { status, text } = await world.manage("PUT", "/tools/crm", { connection: "crm_api", document: JSON.stringify(DOCUMENT) });
    assert.equal(status, 200, text);
  });
  after(async () => {
    await world.close();
    service.close();
  });

  const last = () => heard.at(-1) as Heard;

  test("importing says what it made, and of what it made nothing and why; it connects nowhere", async () => {
    const before = heard.length;
    const { json } = await world.manage("PUT", "/tools/again", { connection: "crm_api", document: stringify(DOCUMENT) });
    assert.deepEqual([json["title"], json["version"], json["count"], json["connection"]], ["CRM", "1.4.0", 5, "crm_api"]);
    assert.deepEqual(
      (json["skipped"] as JsonObject[]).map(({ operation }) => operation),
      ["POST /files", "GET /far"],
    );
    assert.equal(heard.length, before);
    const { json: shown } = await world.manage("GET", "/tools/crm");
    const tools = shown["tools"] as { name: string; input: JsonObject }[];
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["crm/getMember", "crm/put_member", "crm/get_plain", "crm/post_plain", "crm/fails"],
    );
    const put = tools[1]?.input as { properties: { body: JsonObject } };
    assert.deepEqual(put.properties.body, {
      type: "object",
      required: ["name"],
      properties: { name: { type: "string", minLength: 1 }, boss: {} },
    });
    const { json: list } = await world.manage("GET", "/tools");
    assert.deepEqual(
      (list["data"] as JsonObject[]).map(({ name, count }) => [name, count]),
      [
        ["again", 5],
        ["crm", 5],
      ],
    );
    assert.equal((await world.manage("DELETE", "/tools/again")).status, 204);
    assert.equal((await world.manage("GET", "/tools/again")).status, 404);
  });

  test("a call goes to the connection's base URL with its credential, which does not come back", async () => {
    const input = { id: "a/../b?c", tags: ["x", "y z"], where: { city: "London" }, "X-Trace": "t1", limit: null };
    const { result, text } = await world.call({ tool: "crm/getMember", input });
    assert.equal(last().url, "/api/members/a%2F..%2Fb%3Fc?tags=x&tags=y+z&where%5Bcity%5D=London");
    assert.deepEqual([last().method, last().headers["x-trace"], last().headers.authorization], ["GET", "t1", `Bearer ${TOKEN}`]);
    assert.equal(JSON.stringify(result).includes(TOKEN), false);
    assert.equal(String(text).includes(TOKEN), false);
  });

  test("bodies go as JSON or a form, with the key of the step", async () => {
    await world.call({ tool: "crm/put_member", input: { id: "7", body: { name: "Ada" } } });
    assert.deepEqual([last().method, last().body, last().headers["content-type"]], ["PUT", '{"name":"Ada"}', "application/json"]);
    assert.match(String(last().headers["idempotency-key"]), /^[0-9a-f-]{36}:t/);
    await world.call({ tool: "crm/post_plain", input: { body: { a: ["1", "2"], b: "x y" } } });
    assert.equal(last().body, "a=1&a=2&b=x+y");
  });

  test("what does not fit the schema is refused before anything is sent", async () => {
    const before = heard.length;
    for (const [input, words] of [
      [{}, /id/],
      [{ id: 7 }, /id/],
      [{ id: "7", limit: 0 }, /limit/],
      [{ id: "7", extra: 1 }, /extra/],
      [{ id: ".." }, /path/],
      [{ id: "" }, /path/],
    ] as const) {
      const { type, message } = await world.refused({ tool: "crm/getMember", input });
      assert.equal(type, "type_error", JSON.stringify(input));
      assert.match(String(message), words);
    }
    assert.equal(heard.length, before);
  });

  test("a failing status, and what there is not", async () => {
    assert.equal((await world.refused({ tool: "crm/fails" }))["type"], "http_422");
    for (const tool of ["crm/none", "nowhere/getMember"]) assert.equal((await world.refused({ tool }))["type"], "missing_reference", tool);
    await world.manage("PUT", "/tools/lost", { connection: "no_connection", document: JSON.stringify(DOCUMENT) });
    assert.match(String((await world.refused({ tool: "lost/fails" }))["message"]), /no connection no_connection/);
  });

  test("publishing warns of tools that there are not; a .flow calls those of its names", async () => {
    const flow = (toolId: string) =>
      JSON.stringify({
        formatVersion: "1.0",
        exportType: "WORKFLOW",
        name: `flow-${toolId}`,
        botType: "Workflow",
        workflow: {
          workflowNodes: [
            { id: "s", name: "START", type: "START", x: 0, y: 0, outputs: [{ id: "id", name: "id", type: "STRING", required: true }] },
            {
              id: "t",
              name: "Tool",
              type: "TOOL_API",
              x: 1,
              y: 0,
              inputs: [{ name: "id", type: "STRING", source: "NODE", value: "s#id#id" }],
              outputs: [{ id: "url", name: "url", type: "STRING" }],
              toolApiParam: { toolId, toolApiId: "getMember" },
            },
            {
              id: "e",
              name: "END",
              type: "END",
              x: 2,
              y: 0,
              endParam: { outputType: "VARIABLE" },
              inputs: [{ name: "url", type: "STRING", source: "NODE", value: "t#url#url" }],
            },
          ],
          workflowEdges: [
            { id: "1", sourceNodeID: "s", targetNodeID: "t", sourceHandle: "source-s", targetHandle: "target-t" },
            { id: "2", sourceNodeID: "t", targetNodeID: "e", sourceHandle: "source-t", targetHandle: "target-e" },
          ],
        },
      });
    const codes = async (toolId: string) => {
      const { status, json, text } = await world.manage("POST", "/import?publish=true", flow(toolId));
      assert.equal(status, 200, text);
      return {
        codes: (json["warnings"] as JsonObject[]).map(({ code }) => code),
        id: String((json["workflows"] as JsonObject[])[0]?.["id"]),
      };
    };
    const published = await world.manage("POST", "/import?publish=true", flow("elsewhere"));
    assert.deepEqual([published.status, published.json["type"]], [400, "/errors/invalid_flow"], published.text);
    assert.deepEqual(
      (published.json["errors"] as JsonObject[]).map(({ code, path }) => [code, path]),
      [["MR_TOOL_UNKNOWN", "/nodes/1/tool"]],
    );
    const drafted = await world.manage("POST", "/import", flow("elsewhere"));
    assert.deepEqual([drafted.status, (drafted.json["warnings"] as JsonObject[]).map(({ code }) => code)], [200, ["MR_TOOL_UNKNOWN"]]);
    const known = await codes("crm");
    assert.deepEqual(known.codes, []);
    const { key } = await world.server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [known.id] });
    const { json } = await world.server.invoke(key, { input: { id: "9" } });
    assert.deepEqual(json["output"], { url: "/api/members/9" }, JSON.stringify(json));
  });

  test("documents that cannot be used are refused, with the reason", async () => {
    const deep = `{"openapi":"3.1.0","paths":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    for (const [document, words] of [
      ["{", /no JSON/],
      ["a: [", /no YAML/],
      ["- a", /no object/],
      ['{"swagger":"2.0","paths":{}}', /version 2/],
      ['{"openapi":"3.1.0"}', /no paths/],
      [deep, /nested deeper/],
      [`openapi: 3.1.0\npaths: {}\nx: ${"y".repeat(1_048_576)}`, /as YAML/],
      [`{"openapi":"3.1.0","paths":{},"x":"${"y".repeat(4_194_304)}"}`, /more than 4194304/],
    ] as const) {
      const { status, text } = await world.manage("PUT", "/tools/bad", { connection: "crm_api", document });
      assert.equal(status, 400);
      assert.match(text, words);
    }
    const { status } = await world.manage("PUT", "/tools/bad%20name", { connection: "crm_api", document: JSON.stringify(DOCUMENT) });
    assert.equal(status, 400);
  });

  test("a hostile document takes bounded time and space", async () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `S${n}`,
        {
          type: "object",
          properties: Object.fromEntries(
            Array.from({ length: 40 }, (_, m) => [`p${m}`, { $ref: `#/components/schemas/S${(n + m) % 40}` }]),
          ),
        },
      ]),
    );
    const loop = { L1: { $ref: "#/components/schemas/L2" }, L2: { $ref: "#/components/schemas/L1" } };
    const body = (name: string) => ({
      requestBody: { content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } },
    });
    const paths = {
      ...Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`/p${n}`, { post: body("S0") }])),
      "/loop": { post: body("L1") },
      "/__proto__": { get: { operationId: "__proto__", parameters: [{ name: "__proto__", in: "query" }] } },
    };
    const document = JSON.stringify({ openapi: "3.1.0", paths, components: { schemas: { ...schemas, ...loop } } });
    const { status, json, text } = await world.manage("PUT", "/tools/hostile", { connection: "crm_api", document });
    assert.equal(status, 200, text.slice(0, 500));
    assert.ok(Number(json["count"]) <= 500);
    assert.match(text, /refers to itself|more than 500|more than 2097152/);
  });
});
