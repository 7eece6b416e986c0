import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Check } from "typebox/value";
import { WIRE_ERRORS, type WireErrorType } from "#errors";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { openApiDocument } from "#openapi";
import { ErrorBodySchema } from "#openapi/components";
import { pathParameters } from "#paths";
import { fromPointer } from "#pointer";
import { ROUTES } from "#routes";
import { routeErrors } from "#routes/route";

const golden = readFileSync(new URL("../openapi.json", import.meta.url), "utf8");
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const document = openApiDocument({ version });

/** The value at these members; fails where one is missing. */
function at(value: Json, ...steps: readonly string[]): Json {
  return steps.reduce<Json>((place, step) => {
    assert.ok(isJsonObject(place) && Object.hasOwn(place, step), `no ${step} in /${steps.join("/")}`);
    return place[step] ?? null;
  }, value);
}

function collect(value: Json, key: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => collect(item, key));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => (name === key ? [item] : collect(item, key)));
}

test("openapi.json is up to date (node packages/contract/scripts/openapi.ts --write)", () => {
  assert.equal(`${JSON.stringify(document, null, 2)}\n`, golden);
});

test("every reference leads to a place in the document", () => {
  const refs = collect(document, "$ref");
  assert.ok(refs.length > 100);
  for (const ref of refs) {
    assert.ok(typeof ref === "string" && ref.startsWith("#/"));
    at(document, ...fromPointer(ref.slice(1)));
  }
});

test("every component is referred to", () => {
  const refs = new Set(collect(document, "$ref"));
  const components = at(document, "components") as JsonObject;
  for (const part of ["schemas", "responses", "examples"]) {
    const unused = Object.keys(components[part] as JsonObject).filter((name) => !refs.has(`#/components/${part}/${name}`));
    // A file input is what a Start parameter may hold: it is for descriptions of particular workflows.
    assert.deepEqual(unused, part === "schemas" ? ["FileInput"] : []);
  }
});

for (const route of ROUTES) {
  test(`${route.method} ${route.path} is described with all its errors`, () => {
    const operation = at(document, "paths", route.path, route.method.toLowerCase());
    assert.equal(at(operation, "operationId"), route.id);
    const described = (isJsonObject(operation) && Array.isArray(operation["parameters"]) ? operation["parameters"] : []) as JsonObject[];
    assert.deepEqual(
      described.filter((parameter) => parameter["in"] === "path").map((parameter) => parameter["name"]),
      pathParameters(route.path),
    );
    for (const type of routeErrors(route)) {
      const { status, code } = WIRE_ERRORS[type];
      const ref = at(operation, "responses", String(status), "$ref") as string;
      const response = at(document, ...fromPointer(ref.slice(1)));
      assert.match(at(response, "description") as string, new RegExp(`\\b${code} ${type}:`));
      const schema = at(response, "content", "application/problem+json", "schema", "properties");
      assert.ok(
        (at(schema, "code", "enum") as Json[]).includes(code) && (at(schema, "type", "enum") as Json[]).includes(`/errors/${type}`),
      );
    }
  });
}

test("the error examples fit the error schema and their row", () => {
  const examples = Object.entries(at(document, "components", "examples") as JsonObject);
  assert.ok(examples.length > 20);
  for (const [name, example] of examples) {
    const value = at(example, "value");
    const row = WIRE_ERRORS[name.slice("error.".length) as WireErrorType];
    assert.ok(Check(ErrorBodySchema, value), name);
    assert.deepEqual([at(value, "code"), at(value, "status")], [row.code, row.status]);
    assert.doesNotMatch(at(value, "message") as string, /[{}]/);
  }
});

test("429 and 503 announce Retry-After, 401 WWW-Authenticate", () => {
  for (const [name, response] of Object.entries(at(document, "components", "responses") as JsonObject)) {
    const headers = Object.keys(at(response, "headers") as JsonObject);
    assert.equal(headers.includes("Retry-After"), /^\w+\.(429|503)\./.test(name), name);
    assert.equal(headers.includes("WWW-Authenticate"), name.includes(".401."), name);
  }
});

test("the workflows of a key are described by their own schemas", () => {
  const workflows = [
    {
      id: "a1",
      name: "digest",
      input: { type: "object", properties: { doc: { "x-file": "doc" } }, required: ["doc"] },
      output: { type: "object" },
    },
    { id: "b2", name: "greet", input: { properties: { p: { $ref: "#/$defs/p" } }, $defs: { p: { type: "string" } } } },
  ];
  const schemas = at(openApiDocument({ version, workflows }), "components", "schemas");
  assert.deepEqual(at(schemas, "InvokeBody", "properties", "input"), {
    anyOf: [{ $ref: "#/components/schemas/input.a1" }, { $ref: "#/components/schemas/input.b2" }],
  });
  assert.deepEqual(at(schemas, "input.a1", "properties", "doc"), {
    "x-file": "doc",
    anyOf: [{ $ref: "#/components/schemas/FileInput" }, { type: "string", format: "uri" }],
  });
  assert.equal(at(schemas, "input.b2", "properties", "p", "$ref"), "#/components/schemas/input.b2/$defs/p");
  assert.deepEqual(at(schemas, "output.b2"), { title: "greet output", type: "object" });
  assert.deepEqual(openApiDocument({ version, workflows: [] }), document);
});
