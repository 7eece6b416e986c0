import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject, NodeTrace } from "@millrace/contract";
import { inChromium, owner, visit } from "#testing/chromium";
import { startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { connectModels, MODEL } from "../models/harness.ts";

// What a run cost, where an attempt of it paid for an answer and then failed.

const usage = (input: number, output: number) => ({ prompt_tokens: input, completion_tokens: output, total_tokens: input + output });

/** What the answers cost: of the attempt that fails, of the one that takes over, of the one that fails for good. */
const PAID = { useless: usage(610, 202), good: usage(400, 35), repaired: usage(720, 41), never: usage(55, 8) } as const;
const RETRY = { maxAttempts: 2, initialMs: 1, maxMs: 1 };
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const asks = (id: string, prompt: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: "llm",
  name: id[0]?.toUpperCase() + id.slice(1),
  model: MODEL,
  prompt,
  schema: SCHEMA,
  retry: RETRY,
  ...more,
});

/** Shaky pays for an answer that cannot be used, is refused the next, and is tried again; Useless pays twice, and fails for good. */
const FLOW = document(
  "paid and failed",
  [
    start({}),
    asks("plain", "A plain question", { schema: { type: "object" } }),
    asks("shaky", "A shaky question"),
    asks("useless", "A useless question"),
    { id: "end", type: "end", output: {} },
  ],
  ["start -> plain", "plain -> shaky", "shaky -> useless", "useless -> end"],
);

let models: Awaited<ReturnType<typeof startModelServer>>;
let server: TestServer;
before(async () => {
  models = await startModelServer();
  server = await startTestServer({ settings: { egressAllow: new URL(models.url).host } });
  await connectModels(server, models.url);
  const price = await (await owner(server)).call("PUT", `/api/v1/prices/${encodeURIComponent(MODEL)}`, {
    body: { price: { input: "1000", output: "4000" } },
  });
  assert.equal(price.status, 200, price.text);
});
after(async () => {
  await server.close();
  await models.stop();
});

const text = (messages: readonly { readonly content?: unknown }[]) => JSON.stringify(messages);

/** The first repair of the shaky question is refused for now; its second attempt is answered well at once. */
function answers(): void {
  let shaky = 0;
  const says = (wanted: string, isRepair: boolean) => (request: { messages: readonly { readonly content?: unknown }[] }) =>
    text(request.messages).includes(wanted) && text(request.messages).includes("cannot be used") === isRepair;
  models.on({ predicate: (request) => says("shaky", true)(request) }, { error: { message: "later", type: "rate_limit" }, status: 429 });
  models.on({ predicate: (request) => says("shaky", false)(request) && shaky++ === 0 }, { content: "Oslo", usage: PAID.useless });
  models.on({ predicate: says("shaky", false) }, { content: '{"city":"Oslo"}', usage: PAID.repaired });
  models.on({ predicate: says("plain", false) }, { content: '{"city":"Bern"}', usage: PAID.good });
  models.on({ predicate: says("useless", false) }, { content: "none", usage: PAID.never });
  models.on({ predicate: says("useless", true) }, { content: "none", usage: PAID.never });
}

interface Run extends JsonObject {
  readonly nodes: readonly (NodeTrace & JsonObject)[];
}

test("C30: what an attempt paid before it failed is in the header, once, as in the answers of the API", inChromium, async () => {
  answers();
  const { key } = await server.publish(FLOW);
  const { json: ended } = await server.invoke(key, { input: {} });
  const run = String(ended["workflowRunId"]);
  const { json } = await (await owner(server)).call("GET", `/api/v1/runs/${run}`);
  const { nodes, tokens, credits } = json as Run;
  const paid = nodes.flatMap(({ nodeId, usage: list = [] }) => list.map((one) => [nodeId, one.attempt, one.inputTokens, one.outputTokens]));
  assert.deepEqual(paid, [
    ["plain", 1, 400, 35],
    ["shaky", 1, 610, 202],
    ["shaky", 2, 720, 41],
    ["useless", 1, 55, 8],
    ["useless", 1, 55, 8],
  ]);
  const sum = (of: (one: (typeof paid)[number]) => unknown) => paid.reduce((all, one) => all + Number(of(one)), 0);
  const [input, output] = [sum((one) => one[2]), sum((one) => one[3])];
  assert.equal(tokens, input + output);
  const exact = (input * 1_000 + output * 4_000) / 1_000_000;
  assert.equal(credits, Number(exact.toFixed(4)));
  assert.deepEqual([ended["status"], ended["totalTokens"], ended["totalCost"]], ["FAILED", tokens, credits]);
  const queried = await server.query(key, run);
  assert.deepEqual([queried.json["totalTokens"], queried.json["totalCost"]], [tokens, credits]);
  await visit(server, {}, async (page) => {
    await page.goto(`/runs/${run}`);
    await page
      .getByText(`${tokens.toLocaleString("en")} tokens (${input.toLocaleString("en")} in, ${output} out)`, { exact: true })
      .waitFor();
    await page.getByText(`${credits.toLocaleString("en", { maximumFractionDigits: 4 })} credits`, { exact: true }).waitFor();
    await page
      .getByRole("region", { name: "Timeline of the run" })
      .getByRole("button", { name: /^Shaky: Succeeded/ })
      .click();
    await page.getByText("610 tokens in, 202 out").waitFor();
    await page.getByText("720 tokens in, 41 out").waitFor();
    await page
      .getByRole("region", { name: "Timeline of the run" })
      .getByRole("button", { name: /^Useless: Failed/ })
      .click();
    await page.getByText("55 tokens in, 8 out").nth(1).waitFor();
  });
});
