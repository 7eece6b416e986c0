import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** What reads a field that is not there, and a node that nothing follows. */
const FAULTY = document(
  "faulty",
  [
    start({ topic: { type: "string" } }),
    { id: "shout", type: "template", text: "{{ start.topik }}!" },
    { id: "lost", type: "template", text: "x" },
    { id: "end", type: "end", output: { text: "{{ shout.text }}" } },
  ],
  ["start -> shout", "shout -> end", "start -> lost"],
);

const TOLD = {
  en: ["unknown variable start.topik", "did you mean start.topic?", "nothing follows lost"],
  "zh-CN": ["未知变量 start.topik", "是否指 start.topic？", "lost 之后没有任何节点"],
  "zh-TW": ["未知變數 start.topik", "是否指 start.topic？", "lost 之後沒有任何節點"],
  ja: ["不明な変数 start.topik です", "start.topic のことですか？", "lost の後に何もありません"],
} as const;

for (const language of ["en", "zh-CN", "zh-TW", "ja"] as const)
  test(`the problems of a draft are told in the language of the page: ${language}`, inChromium, async () => {
    const { id } = await server.app.authoring.deploy("default", FAULTY, { publish: false });
    await visit(server, { language }, async (page) => {
      await page.goto(`/workflows/${id}/edit`);
      await page.locator('.react-flow__node[data-id="start"]').waitFor();
      await page.keyboard.press("Control+Shift+M");
      for (const told of TOLD[language]) await page.getByText(told).first().waitFor();
    });
  });

test("the server tells them in the language of the request, and keeps codes and places", async () => {
  const browser = await owner(server);
  for (const [language, [reference, hint, dead]] of Object.entries(TOLD)) {
    const ask = (path: string, body: object) => browser.call("POST", path, { body, headers: { "accept-language": language } });
    const { json } = await ask("/api/v1/validate", { document: FAULTY });
    const problems = json["problems"] as { code: string; path: string; message: string; hint?: string }[];
    assert.deepEqual(
      problems.map((one) => [one.code, one.path, one.message, one.hint]),
      [
        ["dead_end", "/nodes/2", dead, undefined],
        ["unknown_variable", "/nodes/1/text", reference, hint],
      ],
    );
    const { status, json: refused } = await ask("/api/v1/deploy", { document: FAULTY, publish: true });
    assert.equal(status, 400);
    assert.deepEqual(
      (refused["errors"] as { message: string }[]).map(({ message }) => message),
      [dead, `${reference} (${hint})`],
    );
  }
});
