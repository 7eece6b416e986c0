import assert from "node:assert/strict";
import { test } from "node:test";
import { completeTemplate } from "#expression/complete";
import { DocumentScopes } from "#plan/document-scopes";
import { plan } from "#plan/plan";
import { TEST_SPECS } from "#testing/specs";

const body = {
  nodes: [
    { id: "first", type: "calc" },
    { id: "second", type: "calc" },
  ],
  edges: ["first -> second"],
};
const document = {
  format: "millrace/1",
  name: "test",
  env: { REGION: "sg" },
  nodes: [
    { id: "begin", type: "begin" },
    { id: "fetch", type: "calc", onError: { do: "branch" }, outputs: { body: { type: "string" }, "odd key": {} }, inputs: { a: 1 } },
    { id: "each", type: "repeat", count: 1, start: { total: 0 }, body },
    { id: "beside", type: "calc" },
    { id: "finish", type: "finish" },
  ],
  edges: ["begin -> fetch", "fetch -> each", "begin -> beside", "each -> finish", "beside -> finish"],
};

const scopes = new DocumentScopes(document, TEST_SPECS);
const at = (node: string, member = "/args") => scopes.references(node, member).map(({ expression }) => expression);

test("upstream nodes with their fields and types, and what is given; nothing that runs beside or after", () => {
  assert.deepEqual(
    at("each").filter((name) => !/^(env|run|workflow|inputs)/.test(name)),
    ["begin", "fetch", "fetch.body", 'fetch["odd key"]', "fetch.error"],
  );
  assert.deepEqual(
    scopes.references("each", "/args").find(({ expression }) => expression === "fetch.body"),
    { expression: "fetch.body", type: "string", nodeId: "fetch" },
  );
  assert.ok(at("begin").includes("env.REGION") && at("begin").includes("run.userId"));
});

test("inside a body: its nodes, the item, and what the container was given", () => {
  const inner = at("second");
  assert.ok(
    ["first", "item", "index", "loop.acc", "each.acc", "fetch.body"].every((name) => inner.includes(name)),
    inner.join(),
  );
  assert.ok(!inner.includes("beside"));
});

test("each member by its own rules", () => {
  assert.ok(at("fetch", "/args").includes("inputs.a"));
  assert.ok(!at("fetch", "/inputs/a").includes("inputs.a"));
  assert.ok(at("fetch", "/outputs/body/value").includes("result"));
  assert.ok(!at("fetch", "/args").includes("result"));
});

test("every reference that is offered compiles where it is offered", () => {
  for (const id of ["fetch", "each", "beside", "finish"]) {
    for (const expression of at(id)) {
      const nodes = document.nodes.map((node) => (node.id === id ? { ...node, args: `{{ ${expression} }}` } : node));
      const { problems } = plan({ ...document, nodes }, TEST_SPECS);
      assert.deepEqual(problems, plan(document, TEST_SPECS).problems, `${expression} in ${id}`);
    }
  }
});

test("completion goes on behind the dot with the fields of the node", () => {
  const resolver = scopes.at("each", "/args");
  assert.ok(resolver);
  const fields = completeTemplate("{{ fetch. }}", 9, resolver).filter(({ kind }) => kind === "field");
  assert.deepEqual(
    fields.map(({ label, type }) => [label, type]),
    [
      ["body", "string"],
      ["error", "any"],
    ],
  );
});

test("a document with faults answers what can be read of it, and an unknown node nothing", () => {
  const broken = { ...document, nodes: [...document.nodes, { id: "bad", type: "nothing" }, 7], edges: [...document.edges, "x -> y"] };
  assert.ok(new DocumentScopes(broken, TEST_SPECS).references("each", "/args").length > 4);
  assert.deepEqual(new DocumentScopes(null, TEST_SPECS).references("each", "/args"), []);
  assert.equal(scopes.at("absent", "/args"), null);
});
