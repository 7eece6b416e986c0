import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { nodeSpecs } from "#specs";

/** What an editor loads of the engine and the specs, minified and compressed, at most. */
const BUDGET_BYTES = 200_000;

const HERE = fileURLToPath(new URL(".", import.meta.url));

async function bundled(contents: string) {
  const stdin = { contents, resolveDir: HERE };
  const built = await build({ stdin, bundle: true, minify: true, format: "esm", platform: "browser", write: false, metafile: true });
  return { code: Buffer.from(built.outputFiles[0]?.contents ?? []), inputs: Object.keys(built.metafile.inputs) };
}

test("the engine and the specs run in a browser: nothing of Node, no executor, and small", async () => {
  // Of Node's modules none can be resolved for a browser: the build would fail.
  const { code, inputs } = await bundled(`
    import { plan, DocumentScopes } from "@millrace/engine";
    import { nodeSpecs, workflowJsonSchema } from "@millrace/nodes/specs";
    export const check = (document) => plan(document, nodeSpecs).problems;
    export const scopes = (document) => new DocumentScopes(document, nodeSpecs);
    export const schema = workflowJsonSchema;
  `);
  assert.deepEqual(
    inputs.filter((path) => /^packages\/nodes\/src\/[a-z-]+\/run\.ts$/.test(path) || path.endsWith("executors.gen.ts")),
    [],
  );
  const bytes = gzipSync(code).length;
  assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`);
  const { check, scopes, schema } = (await import(`data:text/javascript;base64,${code.toString("base64")}`)) as {
    check(document: object): readonly { readonly code: string }[];
    scopes(document: object): { references(node: string, member: string): readonly { readonly expression: string }[] };
    schema: object;
  };
  const nodes = [
    { id: "start", type: "start", input: { type: "object", properties: { topic: { type: "string" } } } },
    { id: "end", type: "end", text: "{{ start.topik }}" },
  ];
  const document = { format: "millrace/1", name: "test", nodes, edges: ["start -> end"] };
  assert.deepEqual(
    check(document).map(({ code: word }) => word),
    ["unknown_variable"],
  );
  assert.ok(
    scopes(document)
      .references("end", "/text")
      .some(({ expression }) => expression === "start.topic"),
  );
  assert.ok("$defs" in schema || "properties" in schema);
});

test("the texts of the node types are there in each language, and their pages", async () => {
  for (const language of ["en", "zh-CN", "zh-TW", "ja"]) {
    const { code } = await bundled(`export { default } from "@millrace/nodes/texts/${language}";`);
    const texts = ((await import(`data:text/javascript;base64,${code.toString("base64")}`)) as { default: Texts }).default;
    assert.deepEqual(Object.keys(texts).sort(), [...nodeSpecs.keys()].sort());
    for (const [type, { title, summary }] of Object.entries(texts)) assert.ok(title !== "" && summary !== "", `${language} ${type}`);
  }
  const { code } = await bundled(`export { default } from "@millrace/nodes/docs";`);
  const pages = ((await import(`data:text/javascript;base64,${code.toString("base64")}`)) as { default: Record<string, string> }).default;
  for (const type of nodeSpecs.keys()) assert.match(pages[type] ?? "", new RegExp(`^# ${type}\\n`));
});

type Texts = { readonly [type: string]: { readonly title: string; readonly summary: string } };
