import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ServerFileParser } from "#parsing/file-parser";
import { processOptions } from "#parsing/parse-process";
import { docxFile } from "#parsing/testing/office-files";

const directory = mkdtempSync(join(tmpdir(), "millrace-parse-"));
const canary = join(directory, "canary.txt");
writeFileSync(canary, "canary");
after(() => rmSync(directory, { recursive: true }));

/** What a file would have to bring about that found a way into the process' own code. */
const ATTEMPTS: readonly string[] = [
  `require("fs").readFileSync(${JSON.stringify(canary)})`,
  `require("fs").writeFileSync(${JSON.stringify(join(directory, "new.txt"))}, "x")`,
  `require("child_process").execFileSync(process.execPath, ["--version"])`,
  `new (require("worker_threads").Worker)("1", { eval: true })`,
  `new Function("return 1")()`,
];

for (const attempt of ATTEMPTS)
  test(`the process that reads files may not: ${attempt.replace(directory, "…")}`, () => {
    const script = `try { ${attempt}; console.log("done") } catch (error) { console.log(error.code ?? error.name) }`;
    const { stdout, stderr } = spawnSync(process.execPath, [...processOptions(), "-e", script], {
      cwd: directory,
      env: {},
      encoding: "utf8",
    });
    assert.match(stdout, /^(ERR_ACCESS_DENIED|EvalError)\n$/, stderr);
  });

test("a document that names others on the network and on the disk has none of them fetched", async () => {
  let asked = 0;
  const server = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const parser = new ServerFileParser();
  const call = { mediaType: null, form: "text", timeoutMs: null } as const;
  const entity = `<!DOCTYPE x [<!ENTITY e SYSTEM "file://${canary}"><!ENTITY n SYSTEM "http://127.0.0.1:${port}/">]>`;
  const word = await parser.parse({ ...call, name: "a.docx", content: docxFile(`${entity}<w:p><w:r><w:t>&e;&n;</w:t></w:r></w:p>`) });
  const page = `<img src="http://127.0.0.1:${port}/a.png"><script src="http://127.0.0.1:${port}/a.js"></script><iframe src="file://${canary}"></iframe>seen`;
  const html = await parser.parse({ ...call, name: "a.html", content: Buffer.from(page) });
  assert.deepEqual([word.text, html.text, asked], ["&e;&n;", "seen", 0]);
});

test("while a file that was made to harm is read, this process goes on", async () => {
  const parser = new ServerFileParser();
  const content = Buffer.from(`${"<a>".repeat(400_000)}x`);
  let turns = 0;
  const reading = parser.parse({ name: "a.html", mediaType: null, content, form: "text", timeoutMs: null }).catch(() => undefined);
  const turning = setInterval(() => {
    turns += 1;
  });
  await reading;
  clearInterval(turning);
  assert.ok(turns > 3);
});
