import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CONTAINER_TYPES } from "@millrace/contract";
import Schema from "typebox/schema";
import { executors } from "#executors";
import { nodeSpecs, workflowJsonSchema } from "#specs";

const SRC = new URL("./", import.meta.url);

/** The files of this package that a file imports, directly or through others; types, which are gone at run time, included. */
function importsOf(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(new URL(`${file}.ts`, SRC), "utf8");
  for (const [, name = ""] of source.matchAll(/from "#([^"]+)"/g)) importsOf(name, seen);
  return seen;
}

test("the specs load no executor", () => {
  const files = [...importsOf("specs")];
  assert.ok(files.includes("http/spec"));
  assert.deepEqual(
    files.filter((file) => file.endsWith("/run") || file.startsWith("executors")),
    [],
  );
});

test("every type that runs has an executor of its own spec", () => {
  const running = [...nodeSpecs.values()].filter((spec) => spec.role !== "note");
  assert.deepEqual([...executors.keys()].sort(), running.map((spec) => spec.type).sort());
  for (const [type, executor] of executors) assert.equal(executor.spec, nodeSpecs.get(type));
});

test("containers are those of the format", () => {
  const containers = [...nodeSpecs.values()].filter((spec) => spec.role === "container").map((spec) => spec.type);
  assert.deepEqual(containers.sort(), [...CONTAINER_TYPES].sort());
});

test("the JSON Schema for editors takes a workflow and refuses a member that no type has", () => {
  const inner = { id: "done", type: "next", output: "{{ item }}" };
  const workflow = (member: object) => ({
    format: "millrace/1",
    name: "w",
    nodes: [
      { id: "start", type: "start" },
      { id: "each", type: "loop", count: "{{ start.n }}", body: { nodes: [{ ...inner, ...member }], edges: [] } },
      { id: "end", type: "end", text: "done" },
    ],
    edges: ["start -> each", { from: "each", to: "end" }],
  });
  assert.ok(Schema.Check(workflowJsonSchema, workflow({})));
  assert.ok(!Schema.Check(workflowJsonSchema, workflow({ outptu: 1 })));
  assert.ok(!Schema.Check(workflowJsonSchema, workflow({ type: "nxt" })));
});
