import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { setUpOwner } from "#testing/browser";
import { inChromium, type Look, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// Home and the templates: the way to the first result.

/** Words of the four languages that a visitor clicks and waits for. */
const WORDS = {
  en: { runNow: "Run now", succeeded: "Succeeded" },
  "zh-CN": { runNow: "立即运行", succeeded: "成功" },
  "zh-TW": { runNow: "立即執行", succeeded: "成功" },
  ja: { runNow: "今すぐ実行", succeeded: "成功" },
} as const;

const step = (page: Page, done: boolean, title: string) =>
  page.getByRole("status", { name: `${done ? "Done" : "To do"}: ${title}`, exact: true });

for (const language of Object.keys(WORDS) as (keyof typeof WORDS)[]) {
  test(`C1: from a fresh server one click leads to a run that succeeded, in ${language}`, inChromium, async () => {
    const server = await startTestServer();
    const { runNow, succeeded } = WORDS[language];
    try {
      await visit(server, { language }, async (page) => {
        await page.goto("/");
        await page.getByRole("button", { name: runNow }).click();
        await page.waitForURL(/\/runs\//);
        await page.getByRole("heading", { level: 1 }).getByText(succeeded, { exact: true }).waitFor();
        await page.getByRole("heading", { level: 1 }).getByText("todayNews").waitFor();
      });
    } finally {
      await server.close();
    }
  });
}

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

test("C2: the boxes tick themselves when an example has run and when somebody calls with a key", inChromium, async () => {
  await visit(server, {}, async (page, context) => {
    await page.goto("/");
    await page.getByText(/^Server running \(/).waitFor();
    for (const title of ["Run an example", "Call it from curl", "Build your own", "Add a model key"])
      await step(page, false, title).waitFor();
    const other = await context.newPage();
    await other.goto("/");
    await other.getByRole("button", { name: "Run now" }).click();
    await other.getByRole("heading", { level: 1 }).getByText("Succeeded").waitFor();
    await step(page, true, "Run an example").waitFor();
    await step(page, false, "Call it from curl").waitFor();
    await page.getByRole("button", { name: "Show command" }).click();
    await page.getByRole("button", { name: "Create key" }).click();
    const command = page.getByRole("region", { name: "Call it from curl" });
    await command.getByText(/Bearer mr_/).waitFor();
    const [, key = ""] = /Bearer (mr_[\w-]+)/.exec((await command.textContent()) ?? "") ?? [];
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    const called = await server.invoke(key, { input: { topic: "planet" } });
    assert.equal(called.json["status"], "SUCCEED", called.text);
    await step(page, true, "Call it from curl").waitFor();
    await step(page, false, "Build your own").waitFor();
  });
});

test("a refused call with a key ticks the box too, and so does a workflow of one's own", inChromium, async () => {
  const own = await startTestServer();
  try {
    await visit(own, {}, async (page) => {
      await page.goto("/");
      await step(page, false, "Call it from curl").waitFor();
      const { key } = await own.publish(document("greet", [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]));
      await step(page, true, "Build your own").waitFor();
      assert.equal((await own.invoke(key, { input: 1 })).status, 400);
      await step(page, true, "Call it from curl").waitFor();
      await step(page, false, "Run an example").waitFor();
    });
  } finally {
    await own.close();
  }
});

test("the first steps are put away, stay so over a reload, and come back when they are asked for", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("heading", { name: "Last 24 hours" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Recently edited" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Get to your first result" }).count(), 0);
    await page.getByRole("button", { name: "Show the first steps" }).click();
    await page.getByRole("heading", { name: "Get to your first result" }).waitFor();
  });
});

test("Home tells what failed by its cause, and leads to the runs", inChromium, async () => {
  const { key } = await server.publish(
    document(
      "breaking",
      [start({}), { id: "go", type: "http", request: { url: "http://127.0.0.1:9/" } }, { id: "end", type: "end", output: {} }],
      ["start -> go", "go -> end"],
    ),
  );
  for (let n = 0; n < 2; n++) await server.invoke(key, { input: {} });
  await visit(server, {}, async (page) => {
    await page.goto("/");
    await page.getByRole("link", { name: /breaking.*×2/ }).click();
    await page.waitForURL(/\/runs\?.*error=/);
    await page
      .getByRole("row", { name: /breaking/ })
      .first()
      .waitFor();
  });
});

const GALLERY = ["today-news", "translate-glossary", "support-router", "review-digest", "convert-prices", "document-answers"];

test("Home says that there are more than it counts of what waits for somebody", inChromium, async () => {
  const asking = document(
    "asking",
    [start({}), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: {} }],
    ["start -> ask", "ask.approve -> end"],
  );
  const { key } = await server.publish(asking);
  const ask = (times: number) => Promise.all(Array.from({ length: times }, () => server.invoke(key, { input: {}, isAsync: true })));
  await ask(50);
  await visit(server, {}, async (page) => {
    await page.goto("/");
    await page.getByRole("link", { name: "50 approvals", exact: true }).waitFor();
    await ask(1);
    await page.getByRole("link", { name: "More than 50 approvals" }).waitFor();
  });
});

test("C3: each template runs to its end on the built-in model, with no network", inChromium, async () => {
  const apart = await startTestServer({ settings: { egressAllow: "" } });
  try {
    const owner = await setUpOwner(apart);
    const shipped = (await owner.call("GET", "/api/v1/templates")).json["data"] as { name: string; workflow: string }[];
    for (const name of GALLERY)
      assert.ok(
        shipped.some((one) => one.name === name),
        name,
      );
    await visit(apart, { as: owner }, async (page) => {
      await page.goto("/workflows");
      await page.getByRole("button", { name: "New", exact: true }).click();
      await page.getByRole("menuitem", { name: "From a template" }).click();
      const buttons = page.getByRole("dialog").getByRole("button", { name: /^Run ./ });
      await buttons.first().waitFor();
      const titles = await buttons.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
      assert.equal(titles.length, shipped.length);
      for (const title of titles) {
        await page.goto("/workflows");
        await page.getByRole("button", { name: "New", exact: true }).click();
        await page.getByRole("menuitem", { name: "From a template" }).click();
        await page.getByRole("dialog").getByRole("button", { name: title, exact: true }).click();
        await page.waitForURL(/\/runs\//);
        await page.getByRole("heading", { level: 1 }).getByText("Succeeded").waitFor();
      }
      const [known] = shipped;
      await page.goto("/workflows");
      await page.getByRole("button", { name: "New", exact: true }).click();
      await page.getByRole("menuitem", { name: "Paste JSON or YAML" }).click();
      await page.getByLabel("Workflow", { exact: true }).fill(`format: millrace/1
name: ${known?.workflow}
nodes: [{ id: start, type: start }, { id: end, type: end, output: {} }]
edges: [start -> end]`);
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByText("A workflow of this name is here already").waitFor();
      await page.getByRole("button", { name: "Update the workflow" }).click();
      await page.getByText(`Imported: ${known?.workflow}`).waitFor();
      await page.getByLabel("State").selectOption({ label: "Draft ≠ live version" });
      await page
        .getByRole("row", { name: new RegExp(known?.workflow ?? "") })
        .getByText("ahead")
        .waitFor();
      assert.equal(await page.getByRole("row").count(), 2);
    });
    const { json } = await owner.call("GET", "/api/v1/runs?limit=50");
    assert.deepEqual(
      (json["data"] as { workflowName: string; status: string }[]).map(({ workflowName, status }) => `${workflowName} ${status}`).sort(),
      [...shipped.map(({ workflow }) => `${workflow} SUCCEED`), "shopStock SUCCEED"].sort(),
    );
  } finally {
    await apart.close();
  }
});

test(
  "C4: Break it shows a failed attempt, a retry and Succeeded; the second click loses the process, and the run is resumed",
  inChromium,
  async () => {
    await visit(server, {}, async (page) => {
      await page.goto("/");
      await page
        .getByRole("button", { name: /Show the first steps|Run now/ })
        .first()
        .waitFor();
      const steps = page.getByRole("button", { name: "Show the first steps" });
      if (await steps.isVisible()) await steps.click();
      await page.getByRole("button", { name: "Run now" }).click();
      const head = page.getByRole("heading", { level: 1 });
      await head.getByText("Succeeded").waitFor();
      const first = page.url();
      await page.getByRole("button", { name: "Break it" }).click();
      await page.waitForURL((url) => url.href !== first);
      await page.getByText(/was made to fail\. It was tried again/).waitFor();
      await head.getByText("Succeeded").waitFor();
      await page
        .getByRole("button", { name: /^summary: / })
        .first()
        .click();
      await page.getByText("Attempt 2", { exact: true }).first().waitFor();
      await page.locator("li", { hasText: "Attempt 1" }).getByText("made_to_fail").first().waitFor();
      const second = page.url();
      await page.getByRole("button", { name: "Kill its process" }).click();
      await page.waitForURL((url) => url.href !== second);
      await page.getByText(/^The process was lost while .* ran\. The run was taken over/).waitFor();
      await head.getByText("Succeeded").waitFor();
      await page
        .getByRole("button", { name: /^summary: / })
        .first()
        .click();
      await page.locator("li", { hasText: "Attempt 1" }).getByText("lost with its process").first().waitFor();
    });
  },
);

test("a template is opened in the editor from the empty list, in another language", inChromium, async () => {
  const empty = await startTestServer();
  try {
    const look: Look = { language: "ja" };
    await visit(empty, look, async (page) => {
      await page.goto("/workflows");
      await page.getByRole("button", { name: "「今日のニュース」を使う" }).click();
      await page.waitForURL(/\/workflows\/.+\/edit/);
      await page.getByText("summaries").first().waitFor();
    });
  } finally {
    await empty.close();
  }
});
