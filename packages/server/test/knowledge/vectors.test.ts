import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { document, start } from "#testing/workflows";
import { type EmbeddingServer, startEmbeddingServer } from "./embedding-server.ts";
import { openWorld, type World } from "./harness.ts";

const OPEN = { settings: { egressAllow: "127.0.0.1" } };

async function connect(world: World, { baseUrl }: EmbeddingServer): Promise<void> {
  const { status, text } = await world.manage("PUT", "/connections/local", { baseUrl, provider: "openai-compatible" });
  assert.equal(status, 200, text);
}

describe("vectors of an embedding model", () => {
  let model: EmbeddingServer;
  let world: World;
  before(async () => {
    model = await startEmbeddingServer();
    world = await openWorld(OPEN);
    await connect(world, model);
  });
  after(async () => {
    await world.close();
    model.close();
  });

  test("both rankings are put together, and say where a passage stands in each; what it cost is shown", async () => {
    const base = await world.makeBase("hybrid", { embeddingModel: "local/grams" });
    const added = await world.add(base, {
      name: "a.md",
      text: "# A\n\nLighthouses guide ships.\n\n# B\n\nBakers rise early.\n\n# C\n\nShips sail.",
    });
    assert.equal(added["state"], "indexed", String(added["error"]));
    const indexed = model.texts.join("").length;
    assert.deepEqual((added["indexing"] as JsonObject)["tokens"], indexed);
    const [first, second] = await world.search(base, "lighthouse guiding a ship");
    const { textRank, vectorRank, similarity } = (first?.["source"] ?? {}) as JsonObject;
    assert.deepEqual([first?.["text"], first?.["score"], textRank, vectorRank], ["Lighthouses guide ships.", 1, 1, 1]);
    assert.ok(Number(similarity) > 0.3 && Number(similarity) <= 1, String(similarity));
    assert.equal(second?.["text"], "Ships sail.");
    // A word that stands nowhere is still near to one that does.
    const [near] = await world.search(base, "bakeries");
    assert.deepEqual([near?.["text"], (near?.["source"] as JsonObject | undefined)?.["textRank"]], ["Bakers rise early.", null]);
    const searched = model.texts.join("").length - indexed;
    const { json: usage } = await world.manage("GET", "/usage?by=kind");
    const tokens = (usage["data"] as JsonObject[]).map((row) => [row["value"], row["inputTokens"]]).toSorted();
    assert.deepEqual(tokens, [
      ["chat", searched],
      ["knowledge_doc_indexing", indexed],
    ]);
  });

  test("the vector of a query counts in the run that asks", async () => {
    const { key } = await world.server.publish(
      document(
        "asking",
        [
          start({ q: { type: "string" } }),
          { id: "search", type: "knowledge", query: "{{ start.q }}", collections: ["hybrid"], topK: 1 },
          { id: "end", type: "end", output: { text: "{{ search.text }}" } },
        ],
        ["start -> search", "search -> end"],
      ),
    );
    const { json } = await world.server.invoke(key, { input: { q: "ships" } });
    assert.deepEqual([json["status"], json["totalTokens"]], ["SUCCEED", "ships".length], JSON.stringify(json));
  });

  test("a model that cannot be asked fails the document, or the search, with its reason; without one, words are enough", async () => {
    const base = await world.makeBase("unknown", { embeddingModel: "nowhere/none" });
    const failed = await world.add(base, { name: "a.md", text: "Ships sail." });
    assert.deepEqual([failed["state"], /nowhere\/none/.test(String(failed["error"]))], ["failed", true]);
    assert.equal(failed["errorType"], "llm_unavailable");
    const search = await world.manage("POST", `/knowledge/${base}/search`, { query: "ships" });
    assert.deepEqual([search.status, /nowhere\/none/.test(String(search.json["message"]))], [400, true]);
    const other = await world.makeBase("refused", { embeddingModel: "local/grams" });
    model.refusals.push({ status: 401 });
    const refused = await world.add(other, { name: "a.md", text: "Ships sail." });
    assert.deepEqual([refused["state"], refused["searchable"]], ["failed", false]);
    const again = await world.manage("POST", `/knowledge/${other}/documents/a.md/reindex`);
    assert.equal(again.status, 202);
    assert.equal((await world.settled(other, "a.md"))["state"], "indexed");
  });

  test("a model that is busy is asked again, when it says", async () => {
    const base = await world.makeBase("busy", { embeddingModel: "local/grams" });
    model.refusals.push({ status: 429, headers: { "Retry-After": "0" } }, { status: 503 });
    const added = await world.add(base, { name: "a.md", text: "Ships sail." });
    assert.deepEqual([added["state"], model.refusals.length], ["indexed", 0], String(added["error"]));
  });
});

/** Two batches, and a part of a third. */
const SECTIONS = 40;

for (const [failpoint, embedded] of [
  ["knowledge.afterPassages:kill@2", 32],
  ["knowledge.beforeFinish:kill", SECTIONS],
] as const)
  test(`X1: killed at ${failpoint}, the next life goes on, and pays for no vector twice`, async (t) => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-killed-"));
    const model = await startEmbeddingServer();
    const program = fileURLToPath(new URL("killed-indexer.ts", import.meta.url));
    const env = { ...process.env, MILLRACE_FAILPOINTS: failpoint };
    const args = ["--disable-warning=ExperimentalWarning", program, dataDir, model.baseUrl, String(SECTIONS)];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let base = "";
    child.stdout.on("data", (text: Buffer) => {
      base += text.toString();
    });
    const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    assert.equal(signal, "SIGKILL");
    assert.equal(model.texts.length, embedded);
    const world = await openWorld({ ...OPEN, dataDir });
    t.after(async () => {
      await world.close();
      model.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    const { json } = await world.manage("GET", `/knowledge/${base}/documents`);
    const [row] = json["data"] as JsonObject[];
    assert.ok(Number(row?.["done"]) >= embedded, JSON.stringify(row));
    const whole = await world.settled(base, String(row?.["id"]));
    assert.deepEqual([whole["state"], whole["done"], model.texts.length], ["indexed", SECTIONS, SECTIONS]);
    assert.equal((await world.search(base, "keeper", { topK: 100 })).length, SECTIONS);
  });
