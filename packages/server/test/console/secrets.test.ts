import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { leaky, sayAgain } from "./leaky.ts";

// Secrets that a run used are on no page of it, however the other side says them again.

const SECRET = "canary-5d1e77-of-a-secret";
const PASSWORD = "canary-9b2c43-of-a-connection";

let server: TestServer;
let receiver: Receiver;
let workflow: string;
const runs: string[] = [];

before(async () => {
  receiver = await startReceiver();
  sayAgain(receiver, ({ url, headers }) => ({ header: String(headers["x-token"]), body: `${url} ${JSON.stringify(headers)}` }));
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` } });
  const person = await owner(server);
  await person.call("PUT", "/api/v1/secrets/API_TOKEN", { body: { value: SECRET } });
  const credential = { type: "header", name: "x-api-key", value: PASSWORD };
  const made = await person.call("PUT", "/api/v1/connections/hooks", { body: { baseUrl: receiver.url("/"), credential } });
  assert.equal(made.status, 200, made.text);
  const { id, key } = await server.publish(leaky(receiver.url("")));
  workflow = id;
  for (const path of ["/well", "/badly"]) {
    const { json, headers, text } = await server.invoke(key, { input: { path } });
    assert.ok(json["workflowRunId"], text);
    assert.ok(headers["x-run-url"]);
    runs.push(String(json["workflowRunId"]));
  }
});
after(async () => {
  await server.close();
  receiver.close();
});

/** Everything that the page holds: what is seen, what is folded, values of fields. */
async function held(page: Page): Promise<string> {
  const fields = await page
    .locator("input, textarea")
    .evaluateAll((list) => list.map((field) => (field as unknown as { value: string }).value));
  return `${await page.content()}\n${fields.join("\n")}`;
}

test("C35: secrets are in the DOM of no page of a run that used them, nor in what those pages were answered", inChromium, async () => {
  assert.ok(
    receiver.received.some(({ body }) => body.includes(SECRET)),
    "the run used it",
  );
  await visit(server, {}, async (page) => {
    const answers: string[] = [];
    page.on("response", async (response) => {
      if (response.url().includes("/api/v1/")) answers.push(await response.text().catch(() => ""));
    });
    const seen: string[] = [];
    const look = async (path: string, shows: string | RegExp) => {
      await page.goto(path);
      await page.getByText(shows).first().waitFor();
      seen.push(await held(page));
    };
    for (const run of runs) {
      for (const tab of ["timeline", "values", "logs", "webhooks", "raw"]) await look(`/runs/${run}?tab=${tab}`, /leaky/);
      for (const node of ["send", "say", "end"]) await look(`/runs/${run}?tab=timeline&span=${node}`, /leaky/);
    }
    await look(`/runs/compare?a=${runs[0]}&b=${runs[1]}`, /send/);
    await page.goto("/runs");
    await page.locator(`a[href*="${runs[0]}"]`).first().waitFor();
    seen.push(await held(page));
    await look("/connections", "API_TOKEN");
    await look(`/workflows/${workflow}/edit`, /send/);
    assert.ok(
      seen.some((text) => text.includes("it said")),
      "a page shows what was said",
    );
    for (const text of [...seen, ...answers]) for (const secret of [SECRET, PASSWORD]) assert.ok(!text.includes(secret));
  });
});
