import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { type EmbeddingServer, startEmbeddingServer } from "../knowledge/embedding-server.ts";

// How far a document is, while an embedding model that takes its time is asked for the vectors of it.

/** Sixteen passages are asked for at once, so that there are two requests and a half of the document in between. */
const SECTIONS = 20;
const LAMPS = Array.from({ length: SECTIONS }, (_, at) => `# Section ${at}\n\nThe keeper of lamp ${at} sleeps.`).join("\n\n");

let server: TestServer;
let model: EmbeddingServer;
before(async () => {
  model = await startEmbeddingServer();
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${model.port}` } });
  const person = await owner(server);
  const connection = { baseUrl: model.baseUrl, provider: "openai-compatible" };
  assert.equal((await person.call("PUT", "/api/v1/connections/local", { body: connection })).status, 200);
  const base = { name: "lamps", embeddingModel: "local/grams" };
  assert.equal((await person.call("POST", "/api/v1/knowledge", { body: base })).status, 201);
});
after(async () => {
  await server.close();
  model.close();
});

test("C52: a document that is being indexed shows how far it is, step by step, up to all of it", inChromium, async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  model.gates.push(first.promise, second.promise);
  await visit(server, {}, async (page) => {
    await page.goto("/knowledge/lamps");
    await page.getByRole("heading", { level: 1, name: "lamps" }).waitFor();
    await page.locator("input[type=file]").setInputFiles([{ name: "lamps.md", mimeType: "text/markdown", buffer: Buffer.from(LAMPS) }]);
    const row = page.getByRole("row", { name: /lamps\.md/ });
    const bar = row.getByRole("progressbar");
    const shows = async (done: number) => {
      await row.getByText(`${done} of ${SECTIONS}`, { exact: true }).waitFor();
      assert.deepEqual([await bar.getAttribute("value"), await bar.getAttribute("max")], [String(done), String(SECTIONS)]);
    };
    await shows(0);
    first.resolve();
    await shows(16);
    second.resolve();
    await row.getByText(`${SECTIONS} passages`, { exact: true }).waitFor();
    assert.equal(await bar.count(), 0);
    await page.getByLabel("A question or words").fill("keeper of lamp 17");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("The keeper of lamp 17 sleeps.").first().waitFor();
  });
});
