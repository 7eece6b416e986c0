import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { node } from "#testing/editor";
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

const READERS = 10;
const PASSING = Array.from({ length: READERS + 2 }, (_, n) => `t${n}`);

/** Each reads the two before it. */
const CHAIN = document(
  "chain",
  [
    start({ topic: { type: "string" } }),
    { id: "t0", type: "template", text: "{{ start.topic }}" },
    { id: "t1", type: "template", text: "{{ t0.text }}" },
    ...Array.from({ length: READERS }, (_, n) => ({ id: `t${n + 2}`, type: "template", text: `{{ t${n}.text }} {{ t${n + 1}.text }}` })),
    { id: "end", type: "end", output: { text: `{{ t${READERS + 1}.text }}` } },
  ],
  ["start -> t0", ...Array.from({ length: READERS + 1 }, (_, n) => `t${n} -> t${n + 1}`), `t${READERS + 1} -> end`],
  // In sight, all of them.
  { layout: Object.fromEntries(["start", ...PASSING, "end"].map((id, n) => [id, [(n % 2) * 270, Math.floor(n / 2) * 100]])) },
);

/** By what a person has for it: the field of the id, and the key Delete. */
async function changeAtRandom(page: Page, times: number): Promise<void> {
  const ids = [...PASSING];
  let seed = 7;
  const below = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % limit;
  };
  for (let n = 0; n < times; n++) {
    const at = below(ids.length);
    const id = ids[at] ?? "";
    // Wherever it stands now, the panel may be over it.
    await node(page, id).dispatchEvent("click");
    await node(page, id).focus();
    if (n % 4 > 0) {
      ids[at] = `n${n}`;
      await page.getByLabel("Id in expressions").fill(`n${n}`);
      await page.getByLabel("Id in expressions").press("Enter");
      await node(page, `n${n}`).waitFor();
    } else {
      ids.splice(at, 1);
      await page.keyboard.press("Delete");
      const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete" });
      // Nobody is asked about a node that nothing reads.
      if ((await confirm.count()) > 0) await confirm.click();
      await node(page, id).waitFor({ state: "detached" });
    }
  }
}

/** The nodes that read one which is not there, by a pattern of this test's own. */
function danglingIn(nodes: readonly JsonObject[]): readonly string[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const reads = (one: JsonObject) => [...JSON.stringify(one).matchAll(/\{\{ (\w+)\./g)].map(([, name = ""]) => name);
  return nodes.filter((one) => reads(one).some((name) => !ids.has(name))).map(({ id }) => String(id));
}

async function staysHonest(page: Page): Promise<void> {
  const { id } = await server.app.authoring.deploy("default", CHAIN, { publish: false });
  await page.goto(`/workflows/${id}/edit`);
  await changeAtRandom(page, 20);
  await page
    .getByRole("status")
    .filter({ hasText: /^Saved/ })
    .first()
    .waitFor();
  const { json } = await (await owner(server)).call("GET", `/api/v1/workflows/${id}`);
  const { nodes } = json["document"] as { nodes: readonly JsonObject[] };
  const dangling = danglingIn(nodes);
  assert.ok(dangling.length >= 2 && nodes.length === READERS + 4 - 5, JSON.stringify(nodes));
  for (const one of dangling)
    await node(page, one)
      .getByText(/\d+ problems?/)
      .waitFor();
}

for (const language of ["en", "zh-CN", "zh-TW", "ja"] as const)
  test(
    `C14: the problems of a draft are told in the language of the page, whatever was renamed and deleted: ${language}`,
    inChromium,
    async () => {
      const { id } = await server.app.authoring.deploy("default", FAULTY, { publish: false });
      await visit(server, { language }, async (page) => {
        await page.goto(`/workflows/${id}/edit`);
        await page.locator('.react-flow__node[data-id="start"]').waitFor();
        await page.keyboard.press("Control+Shift+M");
        for (const told of TOLD[language]) await page.getByText(told).first().waitFor();
        if (language === "en") await staysHonest(page);
      });
    },
  );

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
