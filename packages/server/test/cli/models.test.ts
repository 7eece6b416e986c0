import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import { KEY, startModelServer } from "#testing/model-server";
import { dataOf, errorOf, Project } from "./harness.ts";

describe("models and prices", () => {
  let project: Project;
  let provider: LLMock;
  before(async () => {
    project = new Project();
    provider = await startModelServer();
    provider.onMessage(/./, { content: "OK", usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 } });
    await project.dev(undefined, { env: { MILLRACE_EGRESS_ALLOW: new URL(provider.url).host } });
  });
  after(async () => {
    await project.dispose();
    await provider.stop();
  });

  test("a provider is connected with its key, changed without it, and tested", async () => {
    const set = await project.run(["connections", "set", "deep", "--provider", "deepseek"], { input: KEY });
    assert.equal(set.status, 0, set.stderr);
    assert.match(set.stdout, /^deep +deepseek +https:\/\/api\.deepseek\.com\/v1 +bearer/m);
    const moved = ["connections", "set", "work", "--provider", "openai-compatible", "--base-url", provider.url];
    assert.equal((await project.run([...moved, "--setting", "models=gpt-4o,llama"], { input: KEY })).status, 0);
    const limited = await project.run(["connections", "set", "work", "--auth", "keep", "--setting", "concurrency=2", "-o", "json"]);
    assert.deepEqual(dataOf<{ settings: object }>(limited).settings, { models: ["gpt-4o", "llama"], concurrency: 2 });
    const tested = await project.run(["connections", "test", "work", "--model", "llama"]);
    assert.match(tested.stdout, /^work +work\/llama +OK +\d+$/m, tested.stderr);
    const whole = await project.run(["connections", "test", "work", "--model", "work/llama"]);
    assert.match(whole.stdout, /^work +work\/llama +OK +\d+$/m, whole.stderr);
    provider.nextRequestError(401, { message: "Incorrect API key provided" });
    const refused = await project.run(["connections", "test", "work", "--model", "llama"]);
    assert.deepEqual([refused.status, refused.stdout], [3, ""]);
    assert.match(refused.stderr, /^llm_auth: the connection work does not work: .*401.*Check the credential/);
    const azure = await project.run(["connections", "set", "az", "--provider", "azure"], { input: KEY });
    assert.match(azure.stderr, /--base-url is missing.*\n?.*each Azure OpenAI has its own/);
  });

  test("models are listed with what they cost, and asked", async () => {
    const listed = await project.run(["models", "list", "--known"]);
    assert.match(listed.stdout, /^offline\/extractive \(default\) +chat +0 +0$/m);
    assert.match(listed.stdout, /^work\/llama +no price +no price$/m);
    assert.match(listed.stdout, /^deep\/deepseek-chat +chat, tools, schema +128000 +\S+ +\S+$/m);
    const only = await project.run(["models", "list", "--known", "--connection", "work", "-o", "name"]);
    assert.equal(only.stdout, "work/gpt-4o\nwork/llama\n");
    assert.match((await project.run(["models", "test", "work/llama"])).stdout, /^work\/llama +OK +1000 +500 +no price/m);
    const nobody = await project.run(["models", "test", "nobody/gpt", "-o", "json"]);
    assert.deepEqual([nobody.status, errorOf(nobody).type], [3, "llm_unavailable"]);
  });

  test("what runs cost is printed as a table, and as CSV as the server wrote it", async () => {
    const report = dataOf<{ total: { requests: number } }>(await project.run(["usage", "--by", "model", "-o", "json"]));
    assert.equal(report.total.requests, 0);
    const csv = await project.run(["usage", "--by", "model", "--csv"]);
    assert.deepEqual(
      [csv.status, csv.stdout],
      [0, "model,name,requests,input_tokens,output_tokens,cached_tokens,reasoning_tokens,credits\r\n"],
    );
  });

  test("usage by version names the workflow beside it, and by key what the key begins and ends with where it has no name", async () => {
    const model = "work/gpt-4o";
    const flow = {
      format: "millrace/1",
      name: "paying",
      nodes: [
        { id: "start", type: "start", input: { type: "object" } },
        { id: "ask", type: "llm", model, prompt: "x" },
        { id: "end", type: "end", output: {} },
      ],
      edges: ["start -> ask", "ask -> end"],
    };
    project.write("flows/paying.yaml", JSON.stringify(flow));
    const deployed = await project.run(["deploy", "flows/paying.yaml", "--publish"]);
    assert.equal(deployed.status, 0, deployed.stderr);
    const { key, hint } = dataOf<{ key: string; hint: string }>(
      await project.run(["keys", "create", "--workflow", "paying", "-o", "json"]),
    );
    assert.equal((await project.run(["invoke", "paying"], { env: { MILLRACE_API_KEY: key } })).status, 0);
    assert.match((await project.run(["usage", "--by", "version"])).stdout, /^WORKFLOW +VERSION .*\npaying +1\.0\.0 +1 +1000 +500 /);
    assert.match((await project.run(["usage", "--by", "key"])).stdout, new RegExp(`^KEY .*\\n${hint} +1 `));
  });

  test("a price is set, holds, is listed and removed", async () => {
    const set = await project.run(["prices", "set", "work/*", "100", "200", "--cached", "10"]);
    assert.match(set.stdout, /^work\/\* +100 +200 +10 +200$/m, set.stderr);
    assert.match((await project.run(["models", "test", "work/llama"])).stdout, /^work\/llama +OK +1000 +500 +0\.2 /m);
    assert.equal((await project.run(["prices", "list", "-o", "name"])).stdout, "work/*\n");
    assert.match((await project.run(["prices", "list", "--vendor", "openai"])).stdout, /^gpt-4o-mini +15 +60 +7\.5 +60$/m);
    assert.equal((await project.run(["prices", "remove", "work/*", "--yes"])).stdout, "  work/*   removed\n");
    const gone = await project.run(["prices", "remove", "work/*", "--yes", "-o", "json"]);
    assert.deepEqual([gone.status, errorOf(gone).message], [5, "No price of work/*."]);
    const wrong = await project.run(["prices", "set", "work/*", "a lot", "0"]);
    assert.deepEqual([wrong.status, /price\.input/.test(wrong.stderr)], [2, true], wrong.stderr);
  });
});
