import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIMITS } from "@millrace/contract";
import type { EgressResponse } from "@millrace/nodes";
import { systemClock } from "#clock";
import { systemIds } from "#ids";
import { Documents } from "#knowledge/documents";
import { Indexer } from "#knowledge/indexer";
import { KnowledgeBases } from "#knowledge/knowledge-bases";
import { ServerFileParser } from "#parsing/file-parser";
import { openFixture } from "#store/sqlite/testing/directory";
import type { StoreFixture } from "#store/testing/fixture";

const TENANT = "default";
const ids = systemIds(systemClock.now);

let fixture: StoreFixture;
let bases: KnowledgeBases;
let documents: Documents;
let fetched = 0;
before(async () => {
  fixture = await openFixture();
  const { knowledge } = fixture.store;
  const modelsOf = () => assert.fail("no base here has a model");
  bases = new KnowledgeBases({ knowledge, modelsOf, ids, clock: systemClock });
  // The world outside: a file of as many bytes as it is told.
  const request = async ({ url }: { readonly url: string }): Promise<EgressResponse> => {
    return { status: 200, headers: { "content-type": "text/plain" }, body: new Uint8Array(fetched), url };
  };
  documents = new Documents({ knowledge, bases, egress: { request }, ids, clock: systemClock });
});
after(() => fixture.close());

test("bases of a server", async () => {
  const { knowledge } = fixture.store;
  const settings = { description: "", language: null, embeddingModel: null, passageCharacters: 500, overlapCharacters: 0 };
  const row = (at: number) => ({ id: ids.objectId(), name: `base ${at}`, ...settings, createdAt: 0, updatedAt: 0 });
  await Promise.all(Array.from({ length: LIMITS.knowledgeBases.value - 1 }, (_, at) => knowledge.createBase(TENANT, row(at))));
  await bases.create(TENANT, { name: "the last one" });
  await assert.rejects(bases.create(TENANT, { name: "one more" }), { type: "conflict" });
  // Another tenant has bases of its own.
  await bases.create("other", { name: "another's" });
});

test("documents of a base; one that is there already may be replaced", async () => {
  const { id: baseId } = await bases.get(TENANT, "base 0");
  const content = new Uint8Array();
  const row = (at: number) => ({ id: ids.objectId(), baseId, name: `${at}.md`, mediaType: null, metadata: {}, url: null, content, at: 0 });
  const { knowledge } = fixture.store;
  await Promise.all(Array.from({ length: LIMITS.knowledgeDocuments.value - 1 }, (_, at) => knowledge.putDocument(TENANT, row(at))));
  await documents.add(TENANT, "base 0", { name: "last.md", text: "" });
  await assert.rejects(documents.add(TENANT, "base 0", { name: "more.md", text: "" }), { type: "conflict" });
  assert.equal((await documents.add(TENANT, "base 0", { name: "last.md", text: "again" })).revision, 2);
  await knowledge.deleteBase(TENANT, baseId);
});

test("bytes of a document, members and bytes of its metadata", async () => {
  fetched = LIMITS.documentBytes.value;
  assert.equal((await documents.add(TENANT, "base 1", { url: "https://example.com/a.txt" })).bytes, fetched);
  fetched += 1;
  await assert.rejects(documents.add(TENANT, "base 1", { url: "https://example.com/b.txt" }), { type: "invalid_request" });
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  const add = (metadata: { [key: string]: string | number }) => documents.add(TENANT, "base 1", { name: "m.md", text: "x", metadata });
  await add(members(LIMITS.metadataMembers.value));
  await assert.rejects(add(members(LIMITS.metadataMembers.value + 1)), { type: "invalid_request" });
  const bytes = (count: number) => ({ k: "a".repeat(count - '{"k":""}'.length) });
  await add(bytes(LIMITS.metadataBytes.value));
  await assert.rejects(add(bytes(LIMITS.metadataBytes.value + 1)), { type: "invalid_request" });
});

test("passages of a document and of a base", async () => {
  const { knowledge } = fixture.store;
  const { id } = await bases.get(TENANT, "base 2");
  const [own, all] = [LIMITS.documentPassages.value, LIMITS.knowledgePassages.value];
  const held = await documents.add(TENANT, id, { name: "held.md", text: "x" });
  await knowledge.begin(TENANT, held, { total: all - 1, characters: 1 });
  await knowledge.fail(TENANT, held, { type: "limit_exceeded", message: "it only holds room" }, 0);
  const parser = new ServerFileParser();
  const indexer = new Indexer({
    knowledge,
    watch: fixture.store.watch.bind(fixture.store),
    parse: (call) => parser.blocks(call),
    modelsOf: () => assert.fail("no base here has a model"),
    clock: systemClock,
    log: { error: (fields: unknown) => assert.fail(String(fields)) },
  });
  indexer.start();
  const settled = async (name: string, base = id) => {
    for (;;) {
      const row = await documents.get(TENANT, base, name);
      if (row.state !== "waiting") return row;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const sections = (count: number) => "# a\n\nb\n\n".repeat(count);
  await documents.add(TENANT, id, { name: "fits.md", text: sections(1) });
  assert.equal((await settled("fits.md")).state, "indexed");
  await documents.add(TENANT, id, { name: "full.md", text: sections(1) });
  assert.match((await settled("full.md")).error ?? "", new RegExp(`more than ${all} passages`));
  await documents.add(TENANT, "base 3", { name: "long.md", text: sections(own + 1) });
  assert.match((await settled("long.md", "base 3")).error ?? "", new RegExp(`a document has ${own} at most`));
  await documents.add(TENANT, "base 3", { name: "just.md", text: sections(own) });
  while ((await documents.get(TENANT, "base 3", "just.md")).done === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await documents.get(TENANT, "base 3", "just.md")).total, own);
  await indexer.close();
});
