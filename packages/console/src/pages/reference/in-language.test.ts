import assert from "node:assert/strict";
import { test } from "node:test";
import { openApiDocument } from "@millrace/contract";
import type { ApiDocument } from "#api/openapi.ts";
import { inLanguage, mapTexts, referenceTexts } from "#pages/reference/in-language.ts";

const WORKFLOW = {
  id: "0123456789abcdef01234567",
  name: "news",
  input: { type: "object", description: "The run.", properties: { description: { type: "string", description: "The file." } } },
  isChat: true,
  example: {},
};
const OTHER = { ...WORKFLOW, id: "0123456789abcdef01234568", name: "other" };

const read = (options: Partial<Parameters<typeof openApiDocument>[0]>) =>
  openApiDocument({ version: "1.0.0", ...options }) as unknown as ApiDocument;

/** All routes; and what a key of two workflows is told. */
const DOCUMENTS = [read({}), read({ workflows: [WORKFLOW, OTHER] })];

function linesOf(document: ApiDocument): ReadonlySet<string> {
  const lines = new Set<string>();
  mapTexts(document, (line) => {
    lines.add(line);
    return line;
  });
  return lines;
}

const codesIn = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(String).sort();

/** Names, which are the same everywhere. */
const NAMES = new Set(["MCP", "`collection/operation`"]);

test("the texts of the whole document are taken, and of nothing else", () => {
  const lines = linesOf(DOCUMENTS[0] as ApiDocument);
  assert.ok(lines.size > 1_000);
  for (const line of ["Run API", "Id or name of the workflow.", "40000 invalid_json: Invalid JSON.", "Page of the run."])
    assert.ok(lines.has(line), line);
  assert.deepEqual(mapTexts(DOCUMENTS[0] as ApiDocument, (line) => line).paths, DOCUMENTS[0]?.paths);
});

for (const language of ["zh-CN", "zh-TW", "ja"]) {
  test(`every line of the document is there in ${language}, with its code as it is, and no line more`, async () => {
    const texts = await referenceTexts(language);
    const lines = new Set(DOCUMENTS.flatMap((document) => [...linesOf(document)]));
    assert.deepEqual(
      [...lines].filter((line) => !Object.hasOwn(texts, line)),
      [],
      "missing",
    );
    assert.deepEqual(
      Object.keys(texts).filter((line) => !lines.has(line)),
      [],
      "of no use",
    );
    for (const [line, text] of Object.entries(texts)) {
      assert.deepEqual(codesIn(text), codesIn(line), line);
      assert.ok(text.trim() !== "" && (text !== line || NAMES.has(line)), line);
    }
  });
}

test("what a workflow says of itself stays as its builder wrote it", async () => {
  const document = inLanguage(read({ workflows: [WORKFLOW] }), await referenceTexts("ja"));
  const own = (document.components["schemas"] as Record<string, unknown>)[`input.${WORKFLOW.id}`] as typeof WORKFLOW.input;
  assert.deepEqual([own.description, own.properties.description], ["The run.", { type: "string", description: "The file." }]);
  assert.equal(document.tags[0]?.title, "実行 API");
  assert.equal(document.tags[0]?.name, "Run API");
});

test("English is the document's own", async () => {
  assert.deepEqual(await referenceTexts("en"), {});
});
