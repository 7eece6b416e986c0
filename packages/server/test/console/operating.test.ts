import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { ofTheFile } from "#testing/store-database";
import { document, start } from "#testing/workflows";

// The pages of whoever operates a server: versions, secrets, knowledge, webhooks, usage, and that every page fits and speaks.

const PLACED = { start: [0, 0], hello: [250, 0], end: [500, 0] } as const;
const greet = (text: string, layout?: Readonly<Record<string, readonly [number, number]>>) =>
  document(
    "greet",
    [
      start({ name: { type: "string" } }, ["name"]),
      { id: "hello", type: "template", text },
      { id: "end", type: "end", output: { text: "{{ hello.text }}" } },
    ],
    ["start -> hello", "hello -> end"],
    layout ? { layout } : {},
  );

let server: TestServer;
let workflow: string;
let key: string;
before(async () => {
  server = await startTestServer();
  const first = await server.publish(greet("Hello {{ start.name }}"));
  ({ id: workflow, key } = first);
  await server.publish(greet("Good day {{ start.name }}", PLACED));
});
after(() => server.close());

test("C44: one changed field is one line, and what was moved is a number", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${workflow}/versions?from=1.0.0&to=1.0.1`);
    await page.getByText("Changed 1 · Added 0 · Removed 0 · Edges 0").waitFor();
    const lines = page
      .getByRole("region", { name: "What changed, field by field" })
      .or(page.locator("section", { hasText: "What changed, field by field" }));
    await lines.getByText("hello › text").waitFor();
    assert.equal(await lines.getByRole("listitem").count(), 1);
    await lines.getByText("Good day {{ start.name }}").waitFor();
  });
});

test("C44: three nodes that were moved are one line of their number, beside the one field that was changed", inChromium, async () => {
  const moved = (text: string, by: number) =>
    greet(text, Object.fromEntries(Object.entries(PLACED).map(([id, [x, y]]) => [id, [x + by, y + by] as const])));
  const { id } = await server.publish({ ...moved("Hi", 0), name: "moved" });
  await server.app.authoring.deploy("default", { ...moved("Hello", 40), name: "moved" }, { publish: true });
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${id}/versions?from=1.0.0&to=1.0.1`);
    await page.getByText("Changed 1 · Added 0 · Removed 0 · Edges 0 · Layout moved 3").waitFor();
    const lines = page.locator("section", { hasText: "What changed, field by field" }).last();
    await lines.getByText("hello › text").waitFor();
    assert.equal(await lines.getByRole("listitem").count(), 1);
  });
});

test("a version that is rolled back to is live at once, and the draft stays as it is", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${workflow}/versions`);
    await page.getByRole("button", { name: "1.0.0", exact: true }).click();
    await page.getByRole("menuitem", { name: "Roll back to…" }).click();
    await page.getByRole("button", { name: "Make live" }).click();
    await page.getByText("1.0.0 is live").waitFor();
    assert.match((await server.invoke(key, { input: { name: "Ada" } })).text, /Hello Ada/);
    await page.getByRole("button", { name: "1.0.1", exact: true }).click();
    await page.getByRole("menuitem", { name: "Make live…" }).click();
    await page.getByRole("button", { name: "Make live" }).click();
    await page.getByText("1.0.1 is live").waitFor();
    assert.match((await server.invoke(key, { input: { name: "Ada" } })).text, /Good day Ada/);
  });
});

test("C50: the value of a secret goes in and comes back in no answer", inChromium, async () => {
  const value = "canary-7f3a1c9e-of-a-secret";
  await visit(server, {}, async (page) => {
    const answers: string[] = [];
    page.on("response", async (response) => {
      if (response.url().includes("/api/v1/")) answers.push(await response.text().catch(() => ""));
    });
    await page.goto("/connections");
    await page.getByRole("button", { name: "New secret" }).click();
    await page.getByLabel("Name").fill("TOKEN");
    await page.getByLabel("Value").fill(value);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("TOKEN is saved").waitFor();
    await page.reload();
    await page.getByRole("row", { name: /TOKEN/ }).waitFor();
    assert.ok(answers.length > 0);
    assert.ok(![...answers, await page.content()].some((text) => text.includes(value)));
  });
});

test(
  "C52: a document is indexed while one looks, a file that cannot be read says why, and the search finds a passage",
  inChromium,
  async () => {
    await visit(server, {}, async (page) => {
      await page.goto("/knowledge");
      await page.getByRole("button", { name: "New base" }).click();
      await page.getByLabel("Name").fill("handbook");
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByRole("heading", { level: 1, name: "handbook" }).waitFor();
      await page.locator("input[type=file]").setInputFiles([
        { name: "leave.md", mimeType: "text/markdown", buffer: Buffer.from("# Leave\n\nEverybody has thirty days of leave a year.\n") },
        { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 nothing") },
      ]);
      await page
        .getByRole("row", { name: /leave\.md/ })
        .getByText("1 passage")
        .waitFor();
      await page
        .getByRole("row", { name: /broken\.pdf/ })
        .getByText(/^Failed: ./)
        .waitFor();
      const broken = page.getByRole("row", { name: /broken\.pdf/ });
      await broken.getByText("Failed: The file cannot be read. Save it anew, without a password, and add it again.").waitFor();
      await broken.getByText("What the server says").click();
      await broken.getByText(/broken\.pdf cannot be read: it is no PDF/).waitFor();
      assert.equal(await broken.getByRole("link", { name: "file_error" }).getAttribute("href"), "/errors/file_error");
      await page.getByLabel("A question or words").fill("days of leave");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("Everybody has thirty days of leave a year.").waitFor();
    });
  },
);

test("C43: a test event to this machine is refused, and the page names what allows it", inChromium, async () => {
  await visit(server, { expected: /status of 400/ }, async (page) => {
    await page.goto("/webhooks");
    await page.getByRole("button", { name: "Send test event…" }).click();
    await page.getByRole("dialog").getByLabel("Workflow").selectOption({ label: "greet" });
    await page.getByLabel("URL").fill("http://127.0.0.1:9/hook");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("dialog").getByText("MILLRACE_EGRESS_ALLOW").first().waitFor();
  });
});

test("C46: the page of usage has the numbers of the runs", inChromium, async () => {
  const ran = Array.from({ length: 7 }, () => server.invoke(key, { input: { name: "Ada" } }));
  await Promise.all(ran);
  const { json } = await server.call("GET", "/api/v1/runs/stats?hours=168", { key: await adminKey() });
  const { runs } = json["total"] as { runs: number };
  assert.ok(runs >= 7);
  await visit(server, {}, async (page) => {
    await page.goto("/usage");
    await page.locator("dl").getByText("Runs", { exact: true }).waitFor();
    await page
      .getByRole("row", { name: /greet/ })
      .first()
      .getByRole("cell", { name: String(runs), exact: true })
      .waitFor();
    await page.getByRole("link", { name: "Runs of greet" }).click();
    await page.waitForURL(new RegExp(`/runs\\?workflow=${workflow}`));
  });
});

async function adminKey(): Promise<string> {
  return (await server.app.apiKeys.create("default", { workflows: [], scopes: ["admin"] })).key;
}

// Of PostgreSQL the server makes none, and its page says so: test/postgres/console.test.ts.
const backUpNow = { skip: inChromium.skip || ofTheFile.skip };
test("Back up now: a backup is made while the server goes on, is there to be saved, and says how it is restored", backUpNow, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/system");
    await page.getByText("No backup has been made here yet.").waitFor();
    await page.getByRole("button", { name: "Back up now" }).click();
    const link = page.getByRole("link", { name: /^Download .*-on-demand\.tgz$/ });
    await link.waitFor();
    await page.getByText(/^millrace restore .*-on-demand\.tgz --to restored$/).waitFor();
    const saved = page.waitForEvent("download");
    await link.click();
    assert.match((await saved).suggestedFilename(), /-on-demand\.tgz$/);
  });
});
