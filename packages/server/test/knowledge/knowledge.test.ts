import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { document, start } from "#testing/workflows";
import { openWorld, type World } from "./harness.ts";

const textsOf = (items: readonly JsonObject[]) => items.map(({ text }) => text);

describe("knowledge bases", () => {
  let world: World;
  before(async () => {
    world = await openWorld({ settings: { egressAllow: "127.0.0.1" } });
  });
  after(() => world.close());

  test("a base is made, read by id and name, renamed, counted and deleted with its documents", async () => {
    const id = await world.makeBase("first", { language: "en", description: "tides" });
    await world.add(id, { name: "a.md", text: "# One\n\nHigh water." });
    const { json } = await world.manage("GET", "/knowledge/first");
    assert.deepEqual(
      [json["id"], json["documents"], json["passages"], json["waiting"], json["failed"], json["passageCharacters"]],
      [id, 1, 1, 0, 0, 1_000],
    );
    assert.equal((await world.manage("POST", "/knowledge", { name: "first" })).status, 409);
    const renamed = await world.manage("PATCH", `/knowledge/${id}`, { name: "second" });
    assert.deepEqual([renamed.json["name"], renamed.json["description"]], ["second", "tides"]);
    assert.equal((await world.manage("DELETE", "/knowledge/second")).status, 204);
    for (const path of [`/knowledge/${id}`, `/knowledge/${id}/documents`]) assert.equal((await world.manage("GET", path)).status, 404);
    const { json: list } = await world.manage("GET", "/knowledge");
    assert.deepEqual(list["data"], []);
  });

  test("bodies that cannot be are refused, with the field", async () => {
    for (const [body, path] of [
      [{ name: "" }, "/name"],
      [{ name: "x", language: "en-" }, "/language"],
      [{ name: "x", passageCharacters: 199 }, "/passageCharacters"],
      [{ name: "x", passageCharacters: 400, overlapCharacters: 201 }, "/overlapCharacters"],
    ] as const) {
      const { status, json } = await world.manage("POST", "/knowledge", body);
      assert.deepEqual([status, (json["errors"] as JsonObject[])[0]?.["path"]], [400, path]);
    }
    const base = await world.makeBase("strict");
    for (const [body, path] of [
      [{ name: "a.md" }, ""],
      [{ name: "a.md", text: "x", base64: "eA==" }, ""],
      [{ text: "x" }, "/name"],
      [{ name: "a.bin", base64: "eA==" }, "/base64"],
      [{ name: "a.txt", base64: "%" }, "/base64"],
      [{ url: "ftp://example.com/a.md" }, "/url"],
      [{ url: "http://169.254.169.254/a.md" }, "/url"],
      [{ name: "a.md", text: "x", metadata: { "a b": 1 } }, undefined],
      [{ name: "a.md", text: "x", metadata: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`k${at}`, at])) }, "/metadata"],
    ] as const) {
      const { status, json } = await world.manage("POST", `/knowledge/${base}/documents`, body);
      assert.equal(status, 400, JSON.stringify(body));
      if (path !== undefined) assert.equal((json["errors"] as JsonObject[])[0]?.["path"], path, JSON.stringify(json));
    }
    assert.equal((await world.manage("GET", `/knowledge/${base}`)).json["documents"], 0);
  });

  test("a document is found by its words in any language, with where it stands", async () => {
    const base = await world.makeBase("languages");
    await world.add(base, {
      name: "en.md",
      text: "# Fees\n\n## Refunds\n\nRefunded amounts arrive within five days.\n\n## Other\n\nNothing.",
    });
    await world.add(base, { name: "zh.md", text: "# 费用\n\n退款会在五个工作日内到账。" });
    await world.add(base, { name: "ja.md", text: "# 料金\n\n返金は五営業日以内に届きます。" });
    const [english] = await world.search(base, "When does a refund arrive?");
    assert.deepEqual(
      [english?.["text"], (english?.["source"] as JsonObject | undefined)?.["headings"], english?.["score"]],
      ["Refunded amounts arrive within five days.", ["Fees", "Refunds"], 1],
    );
    // Words of two characters.
    assert.deepEqual(textsOf(await world.search(base, "退款")), ["退款会在五个工作日内到账。"]);
    assert.deepEqual(textsOf(await world.search(base, "返金")), ["返金は五営業日以内に届きます。"]);
    assert.deepEqual(await world.search(base, "astronomy"), []);
  });

  test("a document of the same name takes the place of the older one, and all of one that is deleted is gone", async () => {
    const base = await world.makeBase("replaced");
    const first = await world.add(base, { name: "a.md", text: "The lighthouse is red." });
    const second = await world.add(base, { name: "a.md", text: "The lighthouse is white.", metadata: { year: 2 } });
    assert.equal(first["id"], second["id"]);
    assert.deepEqual(textsOf(await world.search(base, "lighthouse")), ["The lighthouse is white."]);
    const again = await world.manage("POST", `/knowledge/${base}/documents/a.md/reindex`);
    assert.equal(again.status, 202);
    await world.settled(base, "a.md");
    assert.deepEqual(textsOf(await world.search(base, "lighthouse", { filter: { year: 2 } })), ["The lighthouse is white."]);
    assert.equal((await world.manage("DELETE", `/knowledge/${base}/documents/a.md`)).status, 204);
    assert.deepEqual(await world.search(base, "lighthouse"), []);
    assert.equal((await world.manage("GET", `/knowledge/${base}/documents/a.md`)).status, 404);
  });

  test("a file that cannot be read fails with its reason, and what was found of it before still is", async () => {
    const base = await world.makeBase("failing");
    await world.add(base, { name: "a.docx", mediaType: "text/plain", base64: Buffer.from("x").toString("base64") });
    const failed = await world.settled(base, "a.docx");
    assert.deepEqual(
      [failed["state"], failed["searchable"], failed["errorType"], failed["error"]],
      ["failed", false, "file_error", "a.docx cannot be read: its archive is damaged."],
    );
    await world.add(base, { name: "b.csv", base64: Buffer.from("name,fee\nadults,5").toString("base64") });
    const huge = Buffer.from("1,".repeat(1_001)).toString("base64");
    const worse = await world.add(base, { name: "b.csv", base64: huge });
    assert.deepEqual([worse["state"], worse["searchable"]], ["failed", true]);
    assert.equal((await world.search(base, "adults")).length, 1);
    assert.equal((await world.manage("GET", `/knowledge/${base}`)).json["failed"], 2);
  });

  test("files of a form, with metadata for all of them", async () => {
    const base = await world.makeBase("form");
    const form = new FormData();
    form.append("metadata", JSON.stringify({ kind: "notes" }));
    form.append("one", new Blob(["Gulls nest on cliffs."]), "one.txt");
    form.append("two", new Blob(["<p>Crabs walk sideways.</p>"], { type: "text/html" }), "zwei ü.html");
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.arrayBuffer());
    const headers = { "Content-Type": encoded.headers.get("content-type") ?? "" };
    const { status, json, text } = await world.manage("POST", `/knowledge/${base}/files`, body, headers);
    assert.equal(status, 202, text);
    const documents = json["documents"] as JsonObject[];
    assert.deepEqual(
      documents.map(({ name }) => name),
      ["one.txt", "zwei ü.html"],
    );
    for (const { id } of documents) await world.settled(base, String(id));
    assert.deepEqual(textsOf(await world.search(base, "crabs", { filter: { kind: "notes" } })), ["Crabs walk sideways."]);
    for (const [type, content] of [
      ["multipart/form-data; boundary=x", "nothing"],
      ["multipart/form-data", body],
      ["text/plain", "x"],
    ] as const) {
      const refused = await world.manage("POST", `/knowledge/${base}/files`, content, { "Content-Type": type });
      assert.equal(refused.status, 400, type);
    }
  });

  test("a document by its URL goes through the same guard as everything that leaves", async () => {
    const site = createServer((request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.statusCode = request.url === "/page" ? 200 : 404;
      response.end("<h1>Harbour</h1><p>Open at dawn.</p>");
    }).listen(0, "127.0.0.1");
    after(() => site.close());
    await new Promise((resolve) => site.once("listening", resolve));
    const { port } = site.address() as AddressInfo;
    const base = await world.makeBase("fetched");
    const made = await world.add(base, { url: `http://127.0.0.1:${port}/page` });
    assert.deepEqual([made["name"], made["state"], made["url"]], ["page", "indexed", `http://127.0.0.1:${port}/page`]);
    assert.deepEqual(textsOf(await world.search(base, "dawn")), ["Open at dawn."]);
    const missing = await world.manage("POST", `/knowledge/${base}/documents`, { url: `http://127.0.0.1:${port}/none` });
    assert.deepEqual([missing.status, missing.json["message"]], [400, "The URL answered 404."]);
  });

  test("metadata filters: equal, in, ranges, there, not; of lists, any element", async () => {
    const base = await world.makeBase("filtered");
    const add = (name: string, metadata: object) => world.add(base, { name, text: `boat ${name}`, metadata });
    await add("a.md", { year: 2023, kind: "log", tags: ["x", "y"], open: true });
    await add("b.md", { year: 2024, kind: "map", tags: ["z"], open: false });
    await add("c.md", { kind: "1" });
    const found = async (filter: object) => textsOf(await world.search(base, "boat", { filter })).map((text) => String(text).at(-4));
    assert.deepEqual((await found({ kind: "log" })).sort(), ["a"]);
    assert.deepEqual((await found({ kind: { in: ["log", "map"] } })).sort(), ["a", "b"]);
    assert.deepEqual((await found({ year: { gte: 2023, lt: 2024 } })).sort(), ["a"]);
    assert.deepEqual((await found({ year: { exists: false } })).sort(), ["c"]);
    assert.deepEqual((await found({ year: { exists: true }, open: false })).sort(), ["b"]);
    assert.deepEqual((await found({ tags: "y" })).sort(), ["a"]);
    assert.deepEqual((await found({ kind: { not: "log" } })).sort(), ["b", "c"]);
    // A number is no text, and true is no 1.
    assert.deepEqual(await found({ kind: 1 }), []);
    assert.deepEqual(await found({ open: 1 }), []);
    assert.deepEqual((await found({ kind: { gt: "log" } })).sort(), ["b"]);
    for (const filter of [
      { kind: {} },
      { kind: { like: "x" } },
      { kind: null },
      { 'a"b': 1 },
      { kind: { in: "x" } },
      { kind: { exists: 1 } },
    ]) {
      const { status, json } = await world.manage("POST", `/knowledge/${base}/search`, { query: "boat", filter });
      assert.equal(status, 400, JSON.stringify(filter));
      assert.match(String((json["errors"] as JsonObject[])[0]?.["path"]), /^\/filter\//);
    }
    const injected = await found({ kind: "x' OR 1=1 --" });
    assert.deepEqual(injected, []);
  });

  test("topK and minScore cut what is answered; words in quotes and operators are words", async () => {
    const base = await world.makeBase("cut", { passageCharacters: 200, overlapCharacters: 0 });
    const sections = Array.from({ length: 12 }, (_, at) => `# Section ${at}\n\nrope${" rope".repeat(12 - at)}`);
    await world.add(base, { name: "a.md", text: sections.join("\n\n") });
    assert.equal((await world.search(base, "rope")).length, 10);
    const two = await world.search(base, "rope", { topK: 2 });
    assert.equal(two.length, 2);
    const [first, second] = two.map(({ score }) => Number(score));
    assert.equal(first, 1);
    assert.equal((await world.search(base, "rope", { minScore: ((first ?? 0) + (second ?? 0)) / 2 })).length, 1);
    for (const query of ['"rope" AND NOT', "rope*", "NEAR(rope)", "knowledge_words:rope", '"', "'"]) await world.search(base, query);
    assert.equal(
      (await world.manage("POST", `/knowledge/${base}/search`, { query: "a".repeat(LIMITS.queryCharacters.value) })).status,
      200,
    );
    assert.equal(
      (await world.manage("POST", `/knowledge/${base}/search`, { query: "a".repeat(LIMITS.queryCharacters.value + 1) })).status,
      400,
    );
  });

  test("a workflow parses a file and asks a base; one that is gone fails it", async () => {
    const base = await world.makeBase("asked");
    await world.add(base, { name: "tides.md", text: "# Tides\n\nSpring tides follow the new moon.", metadata: { lang: "en" } });
    const { key } = await world.server.publish(
      document(
        "asking",
        [
          start({ file: { type: "object" }, q: { type: "string" }, base: { type: "string" } }),
          { id: "parse", type: "file-parse", file: "{{ start.file }}" },
          { id: "search", type: "knowledge", query: "{{ start.q }}", collections: ["{{ start.base }}"], filter: { lang: "en" } },
          { id: "end", type: "end", output: { text: "{{ parse.text }}", items: "{{ search.items }}" } },
        ],
        ["start -> parse", "parse -> search", "search -> end"],
      ),
    );
    const file = { name: "fees.csv", base64: Buffer.from("who,fee\nadults,5").toString("base64") };
    const { json } = await world.server.invoke(key, { input: { file, q: "spring tide", base: "asked" } });
    const output = json["output"] as JsonObject;
    assert.equal(output["text"], "| who | fee |\n| --- | --- |\n| adults | 5 |", JSON.stringify(json));
    assert.deepEqual(textsOf(output["items"] as JsonObject[]), ["Spring tides follow the new moon."]);
    const failed = await world.server.invoke(key, { input: { file, q: "x", base: "gone" } });
    assert.deepEqual((failed.json["error"] as JsonObject)["type"], "missing_reference");
    const unreadable = await world.server.invoke(key, { input: { file: { name: "a.pdf", base64: "eA==" }, q: "x", base: "asked" } });
    const error = unreadable.json["error"] as JsonObject;
    assert.deepEqual([error["type"], String(error["message"]).startsWith("a.pdf cannot be read: it is no PDF")], ["file_error", true]);
  });
});
