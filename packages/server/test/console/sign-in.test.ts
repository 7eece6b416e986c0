import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { join, PASSWORD, tokenOf } from "#testing/browser";
import { inChromium, origin, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const isAt = (page: Page, path: string) => page.waitForURL(`${origin(server)}${path}`);

async function fillSignIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill("owner@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).first().click();
}

test("whoever comes without a session signs in, and is where he wanted to be", inChromium, async () => {
  await owner(server);
  await visit(server, { as: null, expected: /401/ }, async (page) => {
    await page.goto("/workflows?from=test");
    await heading(page).getByText("Sign in").waitFor();
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByText("Fill this in.").first().waitFor();
    assert.equal(await page.locator(":focus").getAttribute("name"), "email");
    await fillSignIn(page, "a wrong password that is long");
    await page.getByText("Email or password is wrong.").waitFor();
    await fillSignIn(page);
    await isAt(page, "/workflows?from=test");
    await heading(page).getByText("Workflows").waitFor();
  });
});

test("an address that is none says so, and leads to the start", inChromium, async () => {
  await visit(server, { expected: /404/ }, async (page) => {
    await page.goto("/nowhere");
    await heading(page).getByText("There is no page here").waitFor();
    await page.getByText("Nothing is served at /nowhere.").waitFor();
    for (const path of ["/runs/00000000-0000-7000-8000-000000000000", "/workflows/nothing/versions", "/knowledge/nothing"]) {
      await page.goto(path);
      await page.getByRole("link", { name: "To the start" }).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0, path);
    }
    await page.getByRole("link", { name: "To the start" }).click();
    await isAt(page, "/");
  });
});

test("C55: Enter while an input method composes sends nothing", inChromium, async () => {
  await visit(server, { as: null }, async (page) => {
    await page.goto("/login");
    await page.getByLabel("Email").fill("owner@example.com");
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url()));
    await page.getByLabel("Password").dispatchEvent("keydown", { key: "Enter", isComposing: true });
    await page.getByLabel("Email").press("Tab");
    assert.deepEqual(sent, []);
  });
});

test("a link in the address signs in, once, and leaves the address", inChromium, async () => {
  const { row } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const { token } = await server.app.operators.links.make({ tenantId: "default", keyId: row.id });
  await visit(server, { as: null, expected: /401/ }, async (page) => {
    await page.goto(`/login#link=${token}`);
    await isAt(page, "/");
    await page.getByRole("button", { name: /Sign out/ }).click();
    await heading(page).getByText("Sign in").waitFor();
    await page.goto("about:blank");
    await page.goto(`/login#link=${token}`);
    await page.getByText("This link is not valid").waitFor();
    assert.equal(page.url(), `${origin(server)}/login`);
  });
});

test("an admin key opens a session and is kept nowhere", inChromium, async () => {
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  await visit(server, { as: null }, async (page, context) => {
    await page.goto("/login");
    await page.getByText("Sign in with an admin key").click();
    await page.getByLabel("Admin key").fill("not a key");
    await page.getByRole("button", { name: "Sign in" }).last().click();
    await page.getByText("This is not a key.").waitFor();
    await page.getByLabel("Admin key").fill(key);
    await page.getByRole("button", { name: "Sign in" }).last().click();
    await isAt(page, "/");
    assert.equal(JSON.stringify(await context.storageState()).includes(key), false);
  });
});

test("a session that ended leads to the sign-in, and from there back", inChromium, async () => {
  const browser = await owner(server);
  await visit(server, { as: null, expected: /401/ }, async (page) => {
    await page.goto("/login");
    await fillSignIn(page);
    await heading(page).getByText("Home").waitFor();
    const { json } = await browser.call("GET", "/api/v1/sessions");
    for (const { id, current } of json["data"] as unknown as { id: string; current: boolean }[]) {
      if (!current) await browser.call("DELETE", `/api/v1/sessions/${id}`);
    }
    // Nobody touches the page: its stream ends with the next change, and what it asks then is refused.
    await server.publish({ ...echo, name: "told" });
    await heading(page).getByText("Sign in").waitFor();
    await fillSignIn(page);
    await isAt(page, "/");
  });
});

test("a server without an owner is set up, an invitation is accepted", inChromium, async () => {
  const fresh = await startTestServer();
  await visit(fresh, { as: null }, async (page) => {
    await page.goto("/");
    await heading(page).getByText("Set up this server").waitFor();
    await page.getByText("millrace members create-owner").waitFor();
    const token = await fresh.app.operators.members.openSetup("default");
    await page.goto("about:blank");
    await page.goto(`/setup#${token}`);
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill("too short");
    await page.getByRole("button", { name: "Set up this server" }).click();
    assert.equal(await page.getByLabel("Password").getAttribute("aria-invalid"), "true");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set up this server" }).click();
    await page.getByRole("button", { name: "Sign out (Signed in as ada@example.com)" }).waitFor();
  });
  await fresh.close();
  const { json } = await (await owner(server)).call("POST", "/api/v1/invitations", { body: { email: "bob@example.com", role: "viewer" } });
  await visit(server, { as: null, language: "ja" }, async (page) => {
    await page.goto(`/join#${tokenOf(String(json["url"]))}`);
    await page.getByLabel("パスワード").fill(PASSWORD);
    await page.getByRole("button", { name: "このサーバーに参加" }).click();
    await page.getByRole("button", { name: /bob@example\.com/ }).waitFor();
  });
});

test("who may only look is offered nothing that the server would refuse, and told what it needs", inChromium, async () => {
  const id = (await server.app.authoring.deploy("default", echo, { publish: true })).id ?? "";
  const viewer = await join(server, await owner(server), "viewer@example.com", "viewer");
  const draft = async () => (await viewer.call("GET", `/api/v1/workflows/${id}`)).json["document"];
  const before = await draft();
  await visit(server, { as: viewer }, async (page) => {
    const isRefused = async (name: string) => {
      const button = page.getByRole("button", { name, exact: true }).first();
      await button.waitFor();
      const why = await button.getAttribute("title");
      assert.deepEqual([await button.getAttribute("aria-disabled"), why], ["true", "This needs the role editor or owner."], name);
    };
    await page.goto("/connections");
    const rail = page.getByRole("navigation", { name: "Pages" }).first();
    await rail.getByRole("link", { name: "Your account" }).click();
    await page.getByRole("heading", { name: "Your password" }).waitFor();
    for (const name of ["Members", "Keys"]) assert.equal(await rail.getByRole("link", { name }).count(), 0, name);
    await rail.getByRole("link", { name: "System" }).click();
    await page.getByText("Millrace 0", { exact: false }).first().waitFor();
    for (const name of [/Audit/, /Members/]) assert.equal(await page.getByRole("link", { name }).count(), 0, String(name));
    await page.goto("/connections");
    await isRefused("New connection");
    await page.getByRole("button", { name: "New connection" }).click({ force: true });
    await isRefused("New secret");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.goto("/workflows");
    await page.getByRole("button", { name: "More of echo" }).click();
    assert.equal(await page.getByRole("menuitem", { name: "Delete" }).getAttribute("aria-disabled"), "true");
    assert.equal(await page.getByRole("menuitem", { name: "Edit" }).getAttribute("aria-disabled"), null);
    await page.goto(`/workflows/${id}/edit`);
    await page.getByText("You can look at this workflow.").waitFor();
    await isRefused("Publish");
    await page.locator('.react-flow__node[data-id="end"]').click();
    await page.getByLabel("Name of the node").fill("Changed");
    await page.keyboard.press("Delete");
    await page
      .getByRole("status")
      .filter({ hasText: /^Saved/ })
      .first()
      .waitFor();
  });
  assert.deepEqual(await draft(), before);
});

test("under `millrace dev` there is no sign-in on its own machine", inChromium, async () => {
  const dev = await startTestServer();
  const { row } = await dev.app.apiKeys.create("default", { scopes: ["admin"] });
  dev.app.operators.local.allow({ tenantId: "default", keyId: row.id });
  await visit(dev, { as: null }, async (page) => {
    await page.goto("/workflows");
    await heading(page).getByText("Workflows").waitFor();
  });
  await dev.close();
});

test("a page of an error shows its text as elements, and says where there is none", inChromium, async () => {
  await visit(server, { as: null, language: "zh-CN", theme: "dark", expected: /404/ }, async (page) => {
    await page.goto("/errors/llm_auth");
    await heading(page).getByText("llm_auth").waitFor();
    await page.getByRole("heading", { name: "处理方法" }).waitFor();
    await page.goto("/errors/nope");
    await page.getByText("没有名为 nope 的错误。").waitFor();
  });
});

test("a page of other roles says whose it is and whom to ask, and asks the server for nothing", inChromium, async () => {
  const watching = await join(server, await owner(server), "watching@example.com", "viewer");
  await visit(server, { as: watching }, async (page) => {
    for (const [path, title, whose] of [
      ["/keys", "API keys", "This needs the role operator, editor or owner."],
      ["/audit", "Audit log", "This needs the role owner."],
    ] as const) {
      await page.goto(path);
      await heading(page).getByText(title).waitFor();
      await page.getByText(whose).waitFor();
      await page.getByText(/with the role viewer\. An owner of this server can give you another one/).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0);
    }
    await page.getByRole("link", { name: "To the start" }).click();
    await isAt(page, "/");
  });
});
