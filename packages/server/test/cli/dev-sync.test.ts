import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { dataOf, Project, type Running, urlOf } from "./harness.ts";

const greet = (text: string, layout = "") => `format: millrace/1
name: greet

# What it needs.
nodes:
  - id: start
    type: start

  - id: end
    type: end
    output: { greeting: "${text}" } # said

edges:
  - start -> end
${layout}`;

const drafted = (text: string, more: object = {}) => ({
  format: "millrace/1",
  name: "greet",
  nodes: [
    { id: "start", type: "start" },
    { id: "end", type: "end", output: { greeting: text } },
  ],
  edges: ["start -> end"],
  ...more,
});

interface Workflow {
  readonly document: { readonly nodes: readonly { readonly output?: { readonly greeting: string } }[] };
  readonly liveVersion: string;
  readonly file?: { readonly path: string; readonly conflict: boolean };
}

describe("millrace dev, files and drafts", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    project.write("flows/greet.yaml", greet("Hello"));
  });
  afterEach(() => project.dispose());

  /** As the console does. */
  async function request<T>(server: Running, method: string, path: string, body?: object, name = "greet"): Promise<T> {
    const answer = await fetch(`${urlOf(server)}/api/v1/workflows/${encodeURIComponent(name)}${path}`, {
      method,
      headers: { Authorization: `Bearer ${project.read(".millrace/admin.key").trim()}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text) as T;
  }

  const saveDraft = (server: Running, document: object) => request(server, "PUT", "/draft", { document });
  const read = (server: Running) => request<Workflow>(server, "GET", "");
  const greeting = ({ document }: Workflow) => document.nodes[1]?.output?.greeting;

  test("a moved node changes lines of `layout` alone, a draft that says something else keeps the file's comments; nothing is published", async () => {
    const dev = await project.dev();
    assert.deepEqual((await read(dev)).file, { path: "flows/greet.yaml", conflict: false });
    await saveDraft(dev, drafted("Hello", { layout: { end: [200, 0] } }));
    await dev.seen(/^ {2}greet {3}written to flows\/greet\.yaml {3}the draft was changed$/m);
    assert.equal(project.read("flows/greet.yaml"), greet("Hello", "\nlayout:\n  end: [200, 0]\n"));
    await saveDraft(dev, drafted("Good day"));
    await dev.seen(/(written to flows\/greet\.yaml[\s\S]*){2}/);
    assert.equal(project.read("flows/greet.yaml"), greet("Good day"));
    assert.equal((await project.run(["fmt", "--check"])).status, 0);
    assert.equal((await read(dev)).liveVersion, "1.0.0");

    await dev.end();
    const again = await project.dev();
    const after = await read(again);
    assert.deepEqual([greeting(after), after.liveVersion], ["Good day", "1.0.0"], "a restart publishes no draft either");
    project.write("flows/greet.yaml", greet("Good evening"));
    await again.seen(/^ {2}greet {3}published 1\.0\.1 {3}flows\/greet\.yaml$/m);
    assert.equal(greeting(await read(again)), "Good evening");
  });

  test("file and draft that both changed are a conflict, over a restart too; neither is overwritten; a deploy keeps the file", async () => {
    await (await project.dev()).end();
    const server = project.start(["start", "--port", "0"]);
    await server.seen(/"url":"http:/);
    await saveDraft(server, drafted("The draft"));
    await server.end();
    project.write("flows/greet.yaml", greet("The file"));
    const dev = await project.dev();
    assert.match(
      dev.stderr(),
      /^ {2}greet {3}conflict: flows\/greet\.yaml and the draft both changed; neither is overwritten\n {2}hint: to keep the file/m,
    );
    assert.match(dev.stdout(), /Flows {4}1 loaded from \.\/flows {5}greet\n/);
    const both = await read(dev);
    assert.deepEqual([greeting(both), both.file], ["The draft", { path: "flows/greet.yaml", conflict: true }]);
    assert.equal(project.read("flows/greet.yaml"), greet("The file"));

    dataOf(await project.run(["deploy", "flows/greet.yaml", "--json"]));
    await dev.seen(/^ {2}greet {3}published 1\.0\.1 /m);
    const { file, ...kept } = await read(dev);
    assert.deepEqual([greeting(kept), file?.conflict], ["The file", false]);
  });

  test("a file with a mistake and a draft that changed are a conflict; a pull keeps the draft", async () => {
    const dev = await project.dev();
    project.write("flows/greet.yaml", greet("{{ start.nme }}"));
    await dev.seen(/flows\/greet\.yaml:11:\d+ unknown_variable/);
    await saveDraft(dev, drafted("The draft"));
    await dev.seen(/^ {2}greet {3}conflict: /m);
    assert.equal((await read(dev)).file?.conflict, true);
    assert.equal(project.read("flows/greet.yaml"), greet("{{ start.nme }}"));

    assert.equal((await project.run(["pull", "greet", "--yes"])).stdout, "  flows/greet.yaml   changed\n");
    await dev.seen(/^ {2}greet {3}published 1\.0\.1 /m);
    const after = await read(dev);
    assert.deepEqual([greeting(after), after.file?.conflict], ["The draft", false]);
    assert.equal(project.read("flows/greet.yaml"), greet("The draft"));
  });

  test("the commands that settle a conflict can be pasted, whatever the workflow and its file are called", async () => {
    const spaced = (text: string) => greet(text).replace("name: greet", "name: Ada's greeting");
    project.write("flows/Ada's greeting.yaml", spaced("Hello"));
    await (await project.dev()).end();
    const server = project.start(["start", "--port", "0"]);
    await server.seen(/"url":"http:/);
    const draft = { document: drafted("The draft", { name: "Ada's greeting" }) };
    await request(server, "PUT", "/draft", draft, "Ada's greeting");
    await server.end();
    project.write("flows/Ada's greeting.yaml", spaced("The file"));
    const dev = await project.dev();
    const [, keepFile = "", keepDraft = ""] = /to keep the file {3}(.+) {3}to keep the draft {3}(.+)\n/.exec(dev.stderr()) ?? [];
    assert.equal(keepFile, "millrace deploy 'flows/Ada'\\''s greeting.yaml'");
    const endpoint = { env: { MILLRACE_ENDPOINT: urlOf(dev) } };
    const kept = await project.bash(keepDraft, endpoint);
    assert.equal(kept.status, 0, kept.stderr);
    assert.match(project.read("flows/Ada's greeting.yaml"), /The draft/);
    const deployed = await project.bash(keepFile, endpoint);
    assert.equal(deployed.status, 0, deployed.stderr);
  });
});
