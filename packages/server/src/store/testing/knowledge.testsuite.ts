import assert from "node:assert/strict";
import { test } from "node:test";
import { NameTaken, NotFound } from "#store/errors";
import type { KnowledgeBaseRow, KnowledgeStore, NewDocument, NewPassage, PaidOutside, RankedSearch } from "#store/knowledge-store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";

let made = 0;

function newId(): string {
  made += 1;
  return `8${made.toString(16).padStart(23, "0")}`;
}

export function newBase(name: string, values: Partial<KnowledgeBaseRow> = {}): KnowledgeBaseRow {
  const settings = { description: "", language: null, embeddingModel: null, passageCharacters: 1_000, overlapCharacters: 0 };
  return { id: newId(), name, ...settings, createdAt: AT, updatedAt: AT, ...values };
}

export function newDocument(baseId: string, name: string, values: Partial<NewDocument> = {}): NewDocument {
  return { id: newId(), baseId, name, mediaType: null, metadata: {}, url: null, content: Buffer.from(name), at: AT, ...values };
}

export function passage(text: string, vector: readonly number[] | null = null): NewPassage {
  return { text, page: null, headings: ["Top"], words: text.split(" "), vector: vector && new Float32Array(vector) };
}

const NO_USAGE: PaidOutside = { at: AT, usage: [] };
const paid = (inputTokens: number, credits: string): PaidOutside => ({
  at: AT,
  usage: [{ kind: "knowledge_doc_indexing", model: "local/grams", inputTokens, outputTokens: 0, credits }],
});
const ALL: RankedSearch = { limit: 10, filter: [] };

/** Keeps a document and makes it whole. */
export async function indexed(knowledge: KnowledgeStore, document: NewDocument, passages: readonly NewPassage[], tenant = TENANT) {
  const row = await knowledge.putDocument(tenant, document);
  assert.equal(await knowledge.begin(tenant, row, { total: passages.length, characters: 7 }), 0);
  await knowledge.addPassages(tenant, row, 0, passages, paid(3, "0.1"));
  await knowledge.finish(tenant, row, AT + 1);
  await knowledge.trim(tenant, row.id);
  return row;
}

export function knowledgeSuite(open: OpenStore): void {
  const check = (name: string, body: (knowledge: KnowledgeStore, reopen: () => Promise<KnowledgeStore>) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store, reopen }) => body(store.knowledge, async () => (await reopen()).knowledge)),
    );

  const found = async (knowledge: KnowledgeStore, baseId: string, word: string, search = ALL, tenant = TENANT) => {
    const ranked = await knowledge.byWords(tenant, baseId, [word], search);
    return (
      await knowledge.passages(
        tenant,
        ranked.map(({ id }) => id),
      )
    ).map(({ text }) => text);
  };

  check("a base is read as it was made, by id and name, by its tenant alone", async (knowledge) => {
    const base = newBase("a", { language: "ja", embeddingModel: "c/m" });
    await knowledge.createBase(TENANT, base);
    assert.deepEqual([await knowledge.base(TENANT, base.id), await knowledge.base(TENANT, "a")], [base, base]);
    assert.deepEqual([await knowledge.base(OTHER_TENANT, "a"), await knowledge.bases(OTHER_TENANT, { limit: 9 })], [null, []]);
    await assert.rejects(knowledge.createBase(TENANT, newBase("a")), NameTaken);
    await knowledge.createBase(OTHER_TENANT, newBase("a"));
    await knowledge.updateBase(TENANT, base.id, { name: "b", description: "what" }, AT + 5);
    assert.deepEqual(await knowledge.base(TENANT, "b"), { ...base, name: "b", description: "what", updatedAt: AT + 5 });
    await assert.rejects(knowledge.updateBase(OTHER_TENANT, base.id, { name: "c", description: "" }, AT), NotFound);
    const next = newBase("next");
    await knowledge.createBase(TENANT, next);
    await assert.rejects(knowledge.updateBase(TENANT, next.id, { name: "b", description: "" }, AT), NameTaken);
    const first = await knowledge.bases(TENANT, { limit: 1 });
    assert.deepEqual(
      [first[0]?.id, (await knowledge.bases(TENANT, { limit: 9, before: next.id })).map(({ id }) => id)],
      [next.id, [base.id]],
    );
    assert.equal(await knowledge.countBases(TENANT), 2);
  });

  check("K1: passages are found once their document is whole, by their base's tenant alone", async (knowledge) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const row = await knowledge.putDocument(TENANT, newDocument(base.id, "one"));
    assert.deepEqual(
      (await knowledge.waiting(9)).map(({ id, tenantId }) => [id, tenantId]),
      [[row.id, TENANT]],
    );
    await knowledge.begin(TENANT, row, { total: 2, characters: 9 });
    await knowledge.addPassages(TENANT, row, 0, [passage("red boat")], NO_USAGE);
    assert.deepEqual(await found(knowledge, base.id, "boat"), []);
    // A batch that comes twice is there once.
    assert.equal(await knowledge.addPassages(TENANT, row, 0, [passage("red boat")], NO_USAGE), false);
    await knowledge.addPassages(TENANT, row, 1, [passage("blue boats")], NO_USAGE);
    await knowledge.finish(TENANT, row, AT + 3);
    assert.deepEqual((await found(knowledge, base.id, "boat")).sort(), ["blue boats", "red boat"]);
    assert.deepEqual(await found(knowledge, base.id, "boat", ALL, OTHER_TENANT), []);
    const ranked = await knowledge.byWords(TENANT, base.id, ["red"], ALL);
    assert.deepEqual(
      await knowledge.passages(
        OTHER_TENANT,
        ranked.map(({ id }) => id),
      ),
      [],
    );
    const document = await knowledge.document(TENANT, base.id, "one");
    assert.deepEqual(
      [document?.state, document?.done, document?.total, document?.liveRevision, document?.indexedAt],
      ["indexed", 2, 2, 1, AT + 3],
    );
    assert.deepEqual(await knowledge.waiting(9), []);
  });

  check("K1: a newer revision takes the place of the older one when it is whole; one that fails does not", async (knowledge) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const first = await indexed(knowledge, newDocument(base.id, "one", { metadata: { v: 1 } }), [passage("old boat")]);
    const second = await knowledge.putDocument(TENANT, newDocument(base.id, "one", { metadata: { v: 2 } }));
    assert.deepEqual([second.id, second.revision, second.state, second.liveRevision], [first.id, 2, "waiting", 1]);
    await knowledge.begin(TENANT, second, { total: 1, characters: 1 });
    await knowledge.addPassages(TENANT, second, 0, [passage("new boat")], paid(1, "0.02"));
    const where = (v: number): RankedSearch => ({ limit: 9, filter: [{ key: "v", is: "in", values: [v] }] });
    assert.deepEqual([await found(knowledge, base.id, "boat"), await found(knowledge, base.id, "boat", where(2))], [["old boat"], []]);
    await knowledge.finish(TENANT, second, AT);
    assert.deepEqual(
      [await found(knowledge, base.id, "boat"), await found(knowledge, base.id, "boat", where(2))],
      [["new boat"], ["new boat"]],
    );
    assert.deepEqual((await knowledge.document(TENANT, base.id, first.id))?.usage, { tokens: 4, credits: "0.12" });
    const third = await knowledge.putDocument(TENANT, newDocument(base.id, "one"));
    await knowledge.fail(TENANT, third, { type: "file_error", message: "no" }, AT);
    // What is told of a revision that is not the newest changes nothing.
    await knowledge.fail(TENANT, second, { type: "internal", message: "late" }, AT);
    const row = await knowledge.document(TENANT, base.id, first.id);
    assert.deepEqual([row?.state, row?.error, row?.errorType, row?.liveRevision], ["failed", "no", "file_error", 2]);
    assert.deepEqual(await found(knowledge, base.id, "boat"), ["new boat"]);
  });

  check("K2: what is deleted or replaced is gone, its contents too", async (knowledge, reopen) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const many = Array.from({ length: 250 }, (_, at) => passage(`boat ${at}`, [1, 0]));
    const row = await indexed(knowledge, newDocument(base.id, "one"), many);
    const ids = (await knowledge.byWords(TENANT, base.id, ["boat"], { limit: 300, filter: [] })).map(({ id }) => id);
    assert.equal(ids.length, 250);
    assert.equal(await knowledge.deleteDocument(OTHER_TENANT, base.id, row.id), false);
    assert.equal(await knowledge.deleteDocument(TENANT, base.id, row.id), true);
    assert.deepEqual([await knowledge.passages(TENANT, ids), await knowledge.content(TENANT, row.id, 1)], [[], null]);
    const other = await indexed(knowledge, newDocument(base.id, "two"), [passage("ship", [0, 1])]);
    await knowledge.putDocument(TENANT, newDocument(base.id, "two", { content: Buffer.from("newer") }));
    await knowledge.trim(TENANT, other.id);
    assert.deepEqual(
      [await knowledge.content(TENANT, other.id, 1), Buffer.from((await knowledge.content(TENANT, other.id, 2)) ?? []).toString()],
      [null, "newer"],
    );
    const again = await reopen();
    await again.trimAll();
    assert.deepEqual(await found(again, base.id, "ship"), ["ship"]);
    assert.equal(await again.deleteBase(TENANT, base.id), true);
    assert.deepEqual([await again.deleteBase(TENANT, base.id), await again.base(TENANT, "a"), await again.waiting(9)], [false, null, []]);
    assert.equal(await again.content(TENANT, other.id, 2), null);
    await assert.rejects(again.putDocument(TENANT, newDocument(base.id, "three")), NotFound);
  });

  check("after a death it goes on behind what is there, unless the document is cut otherwise now", async (knowledge, reopen) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const row = await knowledge.putDocument(TENANT, newDocument(base.id, "one"));
    await knowledge.begin(TENANT, row, { total: 3, characters: 9 });
    await knowledge.addPassages(TENANT, row, 0, [passage("a boat"), passage("b boat")], NO_USAGE);
    const again = await reopen();
    assert.equal(await again.begin(TENANT, row, { total: 3, characters: 9 }), 2);
    assert.equal(await again.begin(TENANT, row, { total: 4, characters: 9 }), 0);
    await again.addPassages(TENANT, row, 0, [passage("c boat")], NO_USAGE);
    await again.finish(TENANT, row, AT);
    assert.deepEqual(await found(again, base.id, "boat"), ["c boat"]);
  });

  check("a base's words are its own: another one changes no score's order and is not found", async (knowledge) => {
    const [mine, others] = [newBase("mine"), newBase("others")];
    for (const base of [mine, others]) await knowledge.createBase(TENANT, base);
    await indexed(knowledge, newDocument(mine.id, "one"), [passage("rare boat"), passage("boat boat")]);
    await indexed(
      knowledge,
      newDocument(others.id, "one"),
      Array.from({ length: 50 }, () => passage("rare")),
    );
    const ranked = await knowledge.byWords(TENANT, mine.id, ["rare", "boat"], ALL);
    assert.deepEqual(
      (
        await knowledge.passages(
          TENANT,
          ranked.map(({ id }) => id),
        )
      ).map(({ text }) => text),
      ["rare boat", "boat boat"],
    );
    assert.equal((await knowledge.byWords(TENANT, mine.id, [], ALL)).length, 0);
  });

  check("words that stand nearly everywhere give way to those that tell something", async (knowledge) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const many = Array.from({ length: 10_001 }, (_, at) => passage(at === 70 ? "the rare boat" : "the boat"));
    await indexed(knowledge, newDocument(base.id, "one"), many);
    const ids = await knowledge.byWords(TENANT, base.id, ["the", "boat", "rare"], ALL);
    assert.equal(ids.length, 1);
    assert.equal((await knowledge.byWords(TENANT, base.id, ["the", "boat"], ALL)).length, 10);
  });

  check("vectors: every one is compared, the best first, equal ones in order; filters hold", async (knowledge) => {
    const base = newBase("a");
    await knowledge.createBase(TENANT, base);
    const around = (at: number) => [Math.cos(at / 400), Math.sin(at / 400)];
    const many = Array.from({ length: 600 }, (_, at) => passage(`p${at}`, around(at)));
    await indexed(knowledge, newDocument(base.id, "one", { metadata: { kind: "x" } }), many);
    await indexed(knowledge, newDocument(base.id, "two", { metadata: { kind: "y" } }), [
      passage("same", around(0)),
      passage("other model", [1, 0, 0]),
    ]);
    const near = async (search: RankedSearch) => {
      const ranked = await knowledge.byVector(TENANT, base.id, new Float32Array(around(300)), search);
      return (
        await knowledge.passages(
          TENANT,
          ranked.map(({ id }) => id),
        )
      ).map(({ text }) => text);
    };
    assert.deepEqual((await near({ limit: 3, filter: [] })).toSorted(), ["p299", "p300", "p301"]);
    assert.deepEqual((await near({ limit: 3, filter: [] }))[0], "p300");
    assert.deepEqual(await near({ limit: 2, filter: [{ key: "kind", is: "in", values: ["y"] }] }), ["same", "other model"]);
    assert.deepEqual(await knowledge.byVector(OTHER_TENANT, base.id, new Float32Array([1, 0]), ALL), []);
  });
}
