import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isJsonObject, type Json, type JsonObject, ROLES, type Role, type Scope } from "@millrace/contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, start, todayNews } from "#testing/workflows";

const orders = document(
  "orders",
  [
    start(
      {
        customer: { type: "string", format: "email", minLength: 3 },
        lines: { type: "array", minItems: 2, items: { $ref: "#/$defs/line" } },
        invoice: { "x-file": "doc" },
        kind: { enum: ["new", "repeat"] },
        when: { type: "string", format: "date" },
        share: { type: "number", minimum: 0.25, maximum: 0.75 },
      },
      ["customer", "lines", "invoice", "kind", "when", "share"],
    ),
    { id: "end", type: "end", output: { customer: "{{ start.customer }}", count: "{{ start.lines.length }}" } },
  ],
  ["start -> end"],
);
const withLines = (value: JsonObject): JsonObject => {
  const [first, ...others] = value["nodes"] as JsonObject[];
  const input = {
    ...(first?.["input"] as JsonObject),
    $defs: { line: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } },
  };
  return { ...value, nodes: [{ ...first, input }, ...others] };
};
const strict = document(
  "strict",
  [start({ code: { type: "string", pattern: "^[A-Z]{9}$" } }, ["code"]), { id: "end", type: "end", text: "{{ start.code }}" }],
  ["start -> end"],
);

let server: TestServer;
const ids: { [name: string]: string } = {};
before(async () => {
  server = await startTestServer();
  for (const one of [todayNews, withLines(orders), strict]) ids[String(one["name"])] = (await server.publish(one)).id;
});
after(() => server.close());

const keyFor = async (workflows?: readonly string[], scopes?: readonly Scope[], role?: Role) =>
  (await server.app.apiKeys.create("default", { ...(workflows && { workflows }), ...(scopes && { scopes }), ...(role && { role }) })).key;

async function described(key?: string): Promise<JsonObject> {
  const { status, json, text } = await server.call("GET", "/openapi.json", { ...(key !== undefined && { key }) });
  assert.equal(status, 200, text);
  return json;
}

const at = (value: Json | undefined, ...steps: readonly string[]): Json | undefined =>
  steps.reduce<Json | undefined>((place, step) => (isJsonObject(place) ? place[step] : undefined), value);
const invokeOf = (document: JsonObject) => at(document, "paths", "/v1/workflow/invoke", "post");
const examplesOf = (operation: Json | undefined) => at(operation, "requestBody", "content", "application/json", "examples") as JsonObject;

for (const who of ["nobody", "one workflow", "all workflows", ...ROLES]) {
  test(`the description for ${who} is valid OpenAPI 3.1 (L39)`, async () => {
    const isRole = ROLES.some((role) => role === who);
    const key =
      who === "nobody"
        ? undefined
        : await keyFor(who === "one workflow" ? ["orders"] : undefined, isRole ? ["admin"] : undefined, isRole ? (who as Role) : undefined);
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await described(key));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, "3.1");
  });
}

test("a key of one workflow has its schemas, and an example that the server takes", async () => {
  const key = await keyFor(["orders"]);
  const document = await described(key);
  assert.deepEqual(at(document, "components", "schemas", "InvokeBody", "properties", "input"), {
    $ref: `#/components/schemas/input.${ids["orders"]}`,
  });
  assert.deepEqual(at(document, "components", "schemas", `output.${ids["orders"]}`, "properties", "customer"), {
    type: "string",
    format: "email",
    minLength: 3,
  });
  assert.deepEqual(at(document, "components", "schemas", "SucceededRun", "properties", "output"), {
    $ref: `#/components/schemas/output.${ids["orders"]}`,
  });
  const example = at(examplesOf(invokeOf(document)), "orders", "value");
  const { status, text } = await server.invoke(key, example);
  assert.equal(status, 200, text);
});

test("L39: a key of several names one of them; every example of the description is taken by the server", async () => {
  const key = await keyFor(undefined, ["invoke", "query"]);
  await server.publish({ ...echo, name: "chat", nodes: [start({ message: { type: "string" } }), { id: "end", type: "end", text: "hi" }] });
  const document = await described(key);
  const parameters = at(invokeOf(document), "parameters") as readonly JsonObject[];
  const choice = parameters.find(({ name }) => name === "Millrace-Workflow");
  assert.deepEqual([choice?.["required"], at(choice, "schema", "enum")], [true, ["chat", "strict", "orders", "todayNews"]]);
  const examples = examplesOf(invokeOf(document));
  // No example is made up for what no simple text fits.
  assert.deepEqual(Object.keys(examples), ["chat", "orders", "todayNews"]);
  const called = at(document, "paths") as JsonObject;
  let tried = 0;
  for (const path of ["/v1/workflow/invoke", "/v1/chat/completions", "/mcp"]) {
    for (const [name, example] of Object.entries(examplesOf(at(called, path, "post")))) {
      const headers = path === "/v1/workflow/invoke" ? { "Millrace-Workflow": name } : {};
      const { status, text } = await server.call("POST", path, { key, headers, body: at(example, "value") });
      assert.equal(status, 200, `${path} ${name} ${text}`);
      tried += 1;
    }
  }
  assert.equal(tried, 5);
});

test("a key sees what it may ask for: its workflows and its routes", async () => {
  const document = await described(await keyFor(["todayNews"], ["invoke"]));
  const paths = Object.keys(at(document, "paths") as JsonObject);
  assert.ok(paths.includes("/v1/workflow/invoke") && paths.includes("/mcp") && paths.includes("/healthz"));
  assert.deepEqual(
    paths.filter((path) => path.startsWith("/api/") && !/setup|sign-in|invitations\/accept|shared\/|whoami|validate/.test(path)),
    [],
  );
  assert.equal(paths.includes("/v1/workflow/query/result"), false);
  const text = JSON.stringify(document);
  for (const other of ["orders", "strict", ids["orders"] ?? ""]) assert.equal(text.includes(other), false, other);
  const viewer = Object.keys(at(await described(await keyFor(undefined, ["admin"], "viewer")), "paths") as JsonObject);
  assert.ok(viewer.includes("/api/v1/runs") && !viewer.includes("/api/v1/members/{member}"));
});

test("without a key it is the general one; a wrong key is refused", async () => {
  assert.deepEqual(Object.keys(examplesOf(invokeOf(await described()))), ["sync", "async"]);
  assert.equal((await server.call("GET", "/openapi.json", { key: "mr_none" })).status, 401);
});

test("another version, name or key is another description", async () => {
  const { id, key } = await server.publish({ ...echo, name: "changing" });
  const inputOf = async () => at(await described(key), "components", "schemas", `input.${id}`);
  assert.deepEqual(await inputOf(), { title: "changing input", type: "object", properties: { value: {} }, required: [] });
  const nodes = [start({ other: { type: "integer" } }), { id: "end", type: "end", output: {} }];
  await server.app.authoring.deploy("default", document("changing", nodes, ["start -> end"]), { publish: true });
  assert.deepEqual(at(await inputOf(), "properties"), { other: { type: "integer" } });
  const { key: other } = await server.app.apiKeys.create("default", { workflows: [id], scopes: ["query"] });
  assert.equal(invokeOf(await described(other)), undefined);
});
