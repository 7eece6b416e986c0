import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { chain } from "#flow/testing/flows";
import { dataOf, errorOf, Project } from "./harness.ts";

const TYPED = `name: greet
format: millrace/1
layout: { end: [1, 2] }
# Of the edges.
edges: [{ from: start, to: end }]
nodes:
  - type: start
    id: start
  - { id: end, type: end, output: { text: Hello } } # Here it ends.
`;

const CANONICAL = `format: millrace/1
name: greet

nodes:
  - id: start
    type: start

  # Here it ends.
  - id: end
    type: end
    output: { text: Hello }

# Of the edges.
edges:
  - start -> end

layout:
  end: [1, 2]
`;

describe("millrace fmt", () => {
  let project: Project;
  before(() => {
    project = new Project();
    project.write("flows/b.yaml", CANONICAL.replace("greet", "b"));
    project.write("flows/legacy.flow", chain([], { name: "legacy" }));
  });
  after(() => project.dispose());

  test("--check writes nothing and ends with 3 where a file differs; fmt writes it; then both are content", async () => {
    project.write("flows/a.yaml", TYPED);
    project.write("flows/c.json", '{"name":"c","format":"millrace/1","nodes":[],"edges":[]}');
    const check = await project.run(["fmt", "--check"]);
    assert.deepEqual([check.status, check.stdout], [3, ""]);
    assert.equal(
      check.stderr,
      "flows/a.yaml not_formatted: not in canonical form (millrace fmt flows/a.yaml)\nflows/c.json not_formatted: not in canonical form (millrace fmt flows/c.json)\n",
    );
    const programs = await project.run(["fmt", "--check", "--json"]);
    const { type, hint } = errorOf(programs);
    assert.deepEqual([type, hint], ["not_formatted", "millrace fmt flows/a.yaml flows/c.json"]);
    assert.equal(project.read("flows/a.yaml"), TYPED);

    assert.equal((await project.run(["fmt"])).stdout, "  flows/a.yaml\n  flows/c.json\n");
    assert.equal(project.read("flows/a.yaml"), CANONICAL);
    assert.equal(project.read("flows/c.json"), '{\n  "format": "millrace/1",\n  "name": "c",\n  "nodes": [],\n  "edges": []\n}\n');
    assert.deepEqual(readdirSync(project.path("flows")), ["a.yaml", "b.yaml", "c.json", "legacy.flow"], "no file is left behind");

    assert.deepEqual(dataOf(await project.run(["fmt", "--check", "--json"])), {
      files: ["flows/a.yaml", "flows/b.yaml", "flows/c.json"].map((file) => ({ file, changed: false })),
    });
    assert.equal((await project.run(["fmt"])).stdout, "  no changes\n");
  });

  test("a file that cannot be read is told with its place, and no other file is written", async () => {
    project.write("bad/a.yaml", TYPED);
    project.write("bad/b.yaml", "name: [\n");
    const { status, stdout, stderr } = await project.run(["fmt", "bad"]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /^bad\/b\.yaml:2:1 file_unreadable: /);
    assert.equal(project.read("bad/a.yaml"), TYPED);
  });

  test("a .flow has no other form", async () => {
    const { status, stderr } = await project.run(["fmt", "flows/legacy.flow"]);
    assert.equal(status, 2);
    assert.match(stderr, /^usage: fmt: flows\/legacy\.flow is a \.flow file/);
  });
});
