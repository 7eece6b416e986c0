import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MetadataValue } from "#store/knowledge-store";
import { type OpenStore, TENANT, withStore } from "#store/testing/fixture";
import { indexed, newBase, newDocument, passage } from "#store/testing/knowledge.testsuite";
import { AT } from "#store/testing/runs";

/** Texts of what databases trip over: what ends a text in C, what other characters are spelled with, escapes and their beginnings. */
const oddText = fc
  .array(fc.constantFrom("\0", "\u0001", "\u0002", "a", "\\", "\\u0000", "\\u0001", "%", "_", "?", "'", '"', "é", "😀", "\uffff"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

const byCodePoints = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

export function textSuite(open: OpenStore): void {
  test(
    "any text is read as it was written, and found by itself alone",
    withStore(open, async ({ store: { knowledge, audit } }) => {
      const property = fc.asyncProperty(fc.uniqueArray(oddText, { minLength: 2, maxLength: 4 }), async (texts) => {
        const bases = texts.map((name) => newBase(name, { description: name }));
        for (const base of bases) await knowledge.createBase(TENANT, base);
        for (const base of bases) assert.deepEqual(await knowledge.base(TENANT, base.name), base);
        for (const { id } of bases) await knowledge.deleteBase(TENANT, id);
        const at = AT + Math.random();
        const actor = { kind: "member", id: "m1", name: "ada" } as const;
        const entry = {
          at: Math.floor(at),
          actor,
          action: "publish",
          address: null,
          status: 200,
          result: "done",
          requestId: null,
        } as const;
        for (const text of texts) await audit.append(TENANT, { ...entry, targets: { workflow: text } });
        for (const text of texts) {
          const rows = await audit.list(TENANT, { target: text, limit: 1_000 });
          assert.ok(rows.length > 0 && rows.every(({ targets }) => targets["workflow"] === text), JSON.stringify(text));
        }
      });
      await fc.assert(property, { numRuns: 30 });
    }),
  );

  test(
    "documents are found by any text that their metadata has, in the order of characters",
    withStore(open, async ({ store: { knowledge } }) => {
      const base = newBase("odd");
      await knowledge.createBase(TENANT, base);
      const texts = [
        "",
        "\0",
        "\0\0",
        "\0a",
        "\u0001",
        "\u0001\u0001",
        "\u0001\u0002",
        "\u0002",
        "a\0b",
        "a",
        "\\u0000",
        "\\\0",
        "\\\\u0001",
        "é",
      ];
      for (const [at, v] of texts.entries())
        await indexed(knowledge, newDocument(base.id, `document ${at}`, { metadata: { v, half: "\ud800" } }), [passage("boat")]);
      const found = async (is: "in" | ">", value: MetadataValue) => {
        const condition = is === "in" ? { key: "v", is, values: [value] } : { key: "v", is, value: String(value) };
        const ranked = await knowledge.byWords(TENANT, base.id, ["boat"], { limit: 99, filter: [condition] });
        const ids = ranked.map(({ id }) => id);
        return (await knowledge.passages(TENANT, ids)).map(({ metadata }) => String(metadata["v"])).sort(byCodePoints);
      };
      for (const text of texts) {
        assert.deepEqual(await found("in", text), [text]);
        const greater = texts.filter((other) => byCodePoints(other, text) > 0).sort(byCodePoints);
        assert.deepEqual(await found(">", text), greater, JSON.stringify(text));
      }
    }),
  );
}
