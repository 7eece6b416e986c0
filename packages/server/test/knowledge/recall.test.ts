import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { type EmbeddingServer, startEmbeddingServer } from "./embedding-server.ts";
import { openWorld, type World } from "./harness.ts";

// How good retrieval is, on a corpus of our own: sixty passages of a town's handbook in three languages, and thirty questions to each in
// other words. The vectors are hashed n-grams, so what they know is spelling, not meaning.

const LANGUAGES = ["en", "zh", "ja"] as const;
const AMONG = 5;

/** What must be reached: recall among the first five. */
const FLOOR = { text: 0.9, vectors: 0.85, hybrid: 0.9 };

const corpusFile = (name: string) => readFileSync(new URL(`corpus/${name}`, import.meta.url), "utf8");
const questions = JSON.parse(corpusFile("questions.json")) as {
  readonly [language: string]: readonly [question: string, passage: number][];
};

describe("recall among the first five", () => {
  let model: EmbeddingServer;
  let world: World;
  before(async () => {
    model = await startEmbeddingServer();
    world = await openWorld({ settings: { egressAllow: "127.0.0.1" } });
    await world.manage("PUT", "/connections/local", { baseUrl: model.baseUrl, provider: "openai-compatible" });
  });
  after(async () => {
    await world.close();
    model.close();
  });

  for (const language of LANGUAGES)
    test(language, async (t) => {
      const passages = corpusFile(`${language}.md`).trimEnd().split("\n");
      const asked = questions[language] ?? [];
      assert.ok(passages.length >= 60 && asked.length >= 30);
      const base = await world.makeBase(language, { language, embeddingModel: "local/grams" });
      const plain = await world.makeBase(`${language}-text`, { language });
      const document = { name: "town.html", base64: Buffer.from(pageOf(passages)).toString("base64") };
      for (const one of [base, plain]) assert.equal((await world.add(one, document))["done"], passages.length);
      const hits = { text: 0, vectors: 0, hybrid: 0 };
      for (const [question, passage] of asked) {
        const isIt = (item: JsonObject) => item["text"] === passages[passage];
        const found = await world.search(base, question, { topK: 100 });
        if ((await world.search(plain, question, { topK: AMONG })).some(isIt)) hits.text += 1;
        if (found.slice(0, AMONG).some(isIt)) hits.hybrid += 1;
        const { vectorRank } = (found.find(isIt)?.["source"] ?? {}) as JsonObject;
        if (typeof vectorRank === "number" && vectorRank <= AMONG) hits.vectors += 1;
      }
      const recall = (kind: keyof typeof hits) => hits[kind] / asked.length;
      t.diagnostic(
        `recall@${AMONG} ${language}: text ${recall("text").toFixed(3)}  vectors ${recall("vectors").toFixed(3)}  hybrid ${recall("hybrid").toFixed(3)}`,
      );
      for (const kind of ["text", "vectors", "hybrid"] as const)
        assert.ok(recall(kind) >= FLOOR[kind], `${language} ${kind}: ${recall(kind)}`);
    });
});

/** Sections whose headings say nothing. */
function pageOf(passages: readonly string[]): string {
  return passages.map((text) => `<h2>*</h2><p>${text}</p>`).join("");
}
