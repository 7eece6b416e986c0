import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KnowledgeStore, MetadataCondition, Ranked } from "#store/knowledge-store";
import { openPostgresFixture } from "#store/postgres/testing/fixture";
import { openFixture } from "#store/sqlite/testing/directory";
import { type StoreFixture, TENANT } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

const WORDS = [
  "boat",
  "boats",
  "boating",
  "harbour",
  "harbours",
  "relational",
  "relate",
  "running",
  "runs",
  "sky",
  "日本",
  "naïve",
  "generously",
];
const BASES = ["80000000000000000000000a", "80000000000000000000000b"];
const SETTINGS = { description: "", language: null, embeddingModel: null, passageCharacters: 1_000, overlapCharacters: 0 };
const PASSAGES = 40;

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}

async function fill(knowledge: KnowledgeStore): Promise<void> {
  const next = numbers(7);
  for (const [index, id] of BASES.entries()) {
    await knowledge.createBase(TENANT, { id, name: `base ${index}`, ...SETTINGS, createdAt: AT, updatedAt: AT });
    for (let n = 0; n < 3; n++) {
      const metadata = { year: 2020 + n, tags: n === 0 ? ["a", 1] : ["b"], done: n === 1, ...(n === 2 && { note: "x" }) };
      const document = { id: `${index}${n}`.padStart(24, "9"), baseId: id, name: `d${n}`, mediaType: null, url: null, metadata };
      const row = await knowledge.putDocument(TENANT, { ...document, content: Buffer.from("c"), at: AT });
      const passages = Array.from({ length: PASSAGES }, () => {
        const words = Array.from({ length: 1 + (next() % 12) }, () => WORDS[next() % WORDS.length] ?? "");
        return { text: words.join(" "), page: null, headings: [], words, vector: null };
      });
      await knowledge.begin(TENANT, row, { total: PASSAGES, characters: 1 });
      await knowledge.addPassages(TENANT, row, 0, passages, { at: AT, usage: [] });
      await knowledge.finish(TENANT, row, AT);
    }
  }
}

const FILTERS: readonly (readonly MetadataCondition[])[] = [
  [],
  [{ key: "year", is: ">=", value: 2021 }],
  [{ key: "year", is: "<", value: "2021" }],
  [{ key: "tags", is: "in", values: ["a"] }],
  [{ key: "tags", is: "in", values: [1, "b"] }],
  [{ key: "tags", is: "not in", values: ["b"] }],
  [{ key: "done", is: "in", values: [true] }],
  [{ key: "done", is: "in", values: [1] }],
  [{ key: "note", is: "there" }],
  [
    { key: "note", is: "not there" },
    { key: "year", is: ">", value: 2020 },
  ],
  [{ key: "note", is: ">", value: "w" }],
  [{ key: "tags", is: "in", values: [] }],
];

describe("full text on SQLite and on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  let fixtures: readonly StoreFixture[] = [];
  before(async () => {
    server = await startPostgres();
    fixtures = [await openFixture(), await openPostgresFixture(server)];
    for (const { store } of fixtures) await fill(store.knowledge);
  });
  after(async () => {
    for (const fixture of fixtures) await fixture.close();
    await server.close();
  });

  async function onBoth(words: readonly string[], filter: readonly MetadataCondition[]): Promise<void> {
    const search = { limit: 200, filter };
    const [lite = [], postgres = []] = await Promise.all(
      fixtures.map(({ store }) => store.knowledge.byWords(TENANT, BASES[1] ?? "", words, search)),
    );
    const what = `${words.join(" ")} ${JSON.stringify(filter)}`;
    assert.deepEqual(
      postgres.map(({ id }) => id).toSorted((left, right) => left - right),
      lite.map(({ id }) => id).toSorted((left, right) => left - right),
      what,
    );
    const scores = new Map(lite.map(({ id, score }: Ranked) => [id, score]));
    for (const { id, score } of postgres) assert.ok(Math.abs(score - (scores.get(id) ?? 0)) < 1e-9, `${what}: ${score} ${scores.get(id)}`);
  }

  test("each word, and several, find the same passages with the same scores", async () => {
    for (const word of [...WORDS, "absent"]) await onBoth([word], []);
    await onBoth(["boat", "relating", "sky"], []);
    await onBoth(["boat", "boats", "日本"], []);
    await onBoth(["absent", "naïve"], []);
  });

  test("each filter holds for the same passages", async () => {
    for (const filter of FILTERS) await onBoth(["boat", "sky", "running"], filter);
  });
});
