import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const GREET = document(
  "greet",
  [
    start({ name: { type: "string" } }),
    { id: "say", type: "code", name: "Say", code: "return { text: 'Hello, ' + name };", inputs: { name: "{{ start.name }}" } },
    { id: "end", type: "end", output: { greeting: "{{ say.text }}" } },
  ],
  ["start -> say", "say -> end"],
);

let server: TestServer;
let run = "";
before(async () => {
  server = await startTestServer();
  const { key } = await server.publish(GREET);
  run = String((await server.invoke(key, { input: { name: "Ada" }, userId: "customer-7" })).json["workflowRunId"]);
});
after(() => server.close());

test(
  "a member makes a link, a stranger sees the run by it and can change nothing; once it is revoked it shows nothing",
  inChromium,
  async () => {
    let link = "";
    await visit(server, {}, async (member) => {
      await member.goto(`/runs/${run}`);
      await member.getByRole("button", { name: "Share" }).click();
      await member.getByLabel("Works for").selectOption("1 day");
      await member.getByRole("button", { name: "Make a link" }).click();
      link = new URL((await member.getByRole("region", { name: "Link to this run" }).textContent()) ?? "").pathname;
      await member.getByRole("button", { name: /^Revoke the link mrs_/ }).waitFor();
    });
    await visit(server, { as: null, width: 375, height: 800, language: "ja" }, async (stranger) => {
      await stranger.goto(link);
      await stranger.getByText("リンクは").waitFor();
      assert.ok(await stranger.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no horizontal scroll");
    });
    await visit(server, { as: null }, async (stranger) => {
      await stranger.goto(link);
      await stranger.getByRole("heading", { name: /Succeeded.*greet/ }).waitFor();
      await stranger.getByRole("region", { name: "Graph of the version that ran" }).getByText("Say").first().waitFor();
      await stranger
        .getByRole("region", { name: "Timeline of the run" })
        .getByRole("button", { name: /^Say: Succeeded/ })
        .click();
      await stranger.getByRole("heading", { name: "Say" }).waitFor();
      await stranger.getByText("Input", { exact: true }).click();
      await stranger.getByText("return { text").first().waitFor();
      await stranger.getByRole("tab", { name: "Input/Output" }).click();
      await stranger.getByText("Hello, Ada").waitFor();
      const buttons = await stranger.getByRole("button").allTextContents();
      assert.doesNotMatch(buttons.join(" "), /Replay|Cancel|Share/);
      assert.doesNotMatch((await stranger.textContent("body")) ?? "", /customer-7/);
    });
    await visit(server, {}, async (member) => {
      await member.goto(`/runs/${run}`);
      await member.getByRole("button", { name: "Share" }).click();
      await member.getByRole("button", { name: /^Revoke the link mrs_/ }).click();
      await member.getByText("Link revoked").waitFor();
      await member.getByText("Links that work").waitFor({ state: "detached" });
    });
    await visit(server, { as: null, expected: /404/ }, async (stranger) => {
      await stranger.goto(link);
      await stranger.getByText("This link shows nothing, or no longer: ask for a new one.").waitFor();
    });
  },
);
