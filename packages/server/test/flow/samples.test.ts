import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { createCertificate } from "#egress/testing/certificate";
import { createNetwork } from "#egress/testing/network";
import { startTestServer, type TestServer } from "#testing/server";

// The sample files as the vendor's users have them: imported over HTTP, published, and called.

let server: TestServer;
let stations: Server;
let admin: string;

before(async () => {
  const certificate = createCertificate(["api.example.com"]);
  stations = createServer(certificate, (request, response) => {
    const code = decodeURIComponent(/^\/v1\/stations\/([^?]+)\?lang=en$/.exec(request.url ?? "")?.[1] ?? "");
    if (code !== "AB1" || request.headers.accept !== "application/json")
      response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
    else response.writeHead(200, { "Content-Type": "application/json" }).end('{"name":"Abel"}');
  });
  await new Promise<void>((resolve) => stations.listen(0, "127.0.0.1", resolve));
  const { port } = stations.address() as AddressInfo;
  const egress = { trust: certificate.cert, dial: createNetwork(() => port).dial, resolver: { resolve: async () => ["93.184.216.34"] } };
  server = await startTestServer({ surroundings: { egress } });
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(async () => {
  await server.close();
  stations.close();
});

async function importSample(file: string, publish = true) {
  const body = readFileSync(new URL(`../../src/flow/testing/samples/${file}.flow`, import.meta.url));
  return server.call("POST", `/api/v1/import?publish=${publish}`, { key: admin, body });
}

const RUNS: readonly (readonly [file: string, name: string, input: JsonObject, output: JsonObject])[] = [
  ["demo-workflow", "Demo Workflow", { q: "a" }, { output: "A:a" }],
  ["demo-workflow", "Demo Workflow", { q: "z" }, { output: "B:z" }],
  [
    "loop-running-total",
    "loop_running_total",
    { amounts: [10, 0, 5, -1, 7], labels: ["a", "b", "c", "d", "e"] },
    { total: 15, lines: ["1. a: 10 (10)", "3. c: 5 (15)"] },
  ],
  ["loop-running-total", "loop_running_total", { amounts: [], labels: [], opening: 4 }, { total: 4, lines: [] }],
  [
    "batch-http-lookup",
    "batch_http_lookup",
    { codes: "ab1, zz9;ab1\n" },
    {
      rows: [
        { n: 1, code: "AB1", ok: true, name: "Abel" },
        { n: 2, code: "ZZ9", ok: false, name: null },
      ],
      found: 1,
      missing: ["ZZ9"],
    },
  ],
  ["nested-conditions", "nested_conditions", { country: "JP", weight: 25 }, { service: "freight", country: "JP", runBy: "u-1" }],
  [
    "nested-conditions",
    "nested_conditions",
    { country: "JP", weight: 25, express: true, tags: ["fragile"] },
    { service: "careful", country: "JP", runBy: "u-1" },
  ],
  ["nested-conditions", "nested_conditions", { country: "JP", weight: 5 }, { service: "parcel", country: "JP", runBy: "u-1" }],
  ["nested-conditions", "nested_conditions", { country: "TW", weight: 5 }, { service: "sea-TW", country: "TW", runBy: "u-1" }],
  ["nested-conditions", "nested_conditions", { country: "US", weight: 30 }, { service: "air-0.9375", country: "US", runBy: "u-1" }],
];

for (const [file, name, input, output] of RUNS) {
  test(`${file}.flow with ${JSON.stringify(input)}`, async () => {
    const imported = await importSample(file);
    assert.equal(imported.status, 200, imported.text);
    const { key } = await server.app.apiKeys.create("default", { workflows: [name] });
    const answer = await server.invoke(key, { userId: "u-1", input });
    assert.equal(answer.json["status"], "SUCCEED", answer.text);
    assert.equal(JSON.stringify(answer.json["output"]), JSON.stringify(output));
  });
}

test("a file whose nodes name no model runs on the default one, and says so when it is imported", async () => {
  const imported = await importSample("intent-support-router");
  assert.equal(imported.status, 200, imported.text);
  assert.deepEqual(
    (imported.json["warnings"] as JsonObject[]).map(({ code, path }) => [code, path]),
    [
      ["MR_BACKFILLED", "$.workflow.workflowNodes[2].intentParam.chatModelVersionId"],
      ["MR_BACKFILLED", "$.workflow.workflowNodes[4].llmParam.chatModelVersionId"],
    ],
  );
  const { key } = await server.app.apiKeys.create("default", { workflows: ["intent_support_router"] });
  const answered = async (input: JsonObject) => {
    const { json, text } = await server.invoke(key, { input });
    assert.equal(json["status"], "SUCCEED", text);
    return json["output"];
  };
  assert.deepEqual(await answered({ message: "Where is it?", orderId: "A7" }), { output: "Order A7 is being looked up." });
  assert.deepEqual(await answered({ message: "hm" }), { output: "A colleague will answer: hm" });
  assert.deepEqual(await answered({ message: "I want my money back, this is urgent.", orderId: "A7" }), {
    output: "Message: I want my money back, this is urgent. Order: A7",
  });
});

test("a model of the vendor's is none of this server: the default one is used", async () => {
  const file = JSON.parse(readFileSync(new URL("../../src/flow/testing/samples/intent-support-router.flow", import.meta.url), "utf8"));
  file.name = "vendors_model";
  file.workflow.workflowNodes[2].intentParam.chatModelVersionId = "65f0c1a2b3d4e5f607182930";
  const imported = await server.call("POST", "/api/v1/import?publish=true", { key: admin, body: JSON.stringify(file) });
  const codes = (imported.json["warnings"] as JsonObject[]).map(({ code }) => code);
  assert.deepEqual(codes.toSorted(), ["MR_BACKFILLED", "MR_BACKFILLED", "MR_MODEL_UNKNOWN"], imported.text);
  const { key } = await server.app.apiKeys.create("default", { workflows: ["vendors_model"] });
  const answer = await server.invoke(key, { input: { message: "Where is it?", orderId: "A7" } });
  assert.deepEqual(answer.json["output"], { output: "Order A7 is being looked up." }, answer.text);
});

test("the same file twice is the same workflow and no new version", async () => {
  const first = await importSample("demo-workflow");
  const second = await importSample("demo-workflow");
  assert.deepEqual(second.json["workflows"], first.json["workflows"]);
});
