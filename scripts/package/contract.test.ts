import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { buildContract } from "./build-contract.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMPILER = join(ROOT, "node_modules/typescript7/bin/tsc");

const PROGRAM = `import { errorMessage, openApiDocument, ROUTES, type WorkflowDocument } from "@millrace/contract";
const document: WorkflowDocument = { format: "millrace/1", name: "empty", nodes: [], edges: [] };
const invoke = ROUTES.find(({ id }) => id === "invoke");
console.log(document.name, invoke?.path, errorMessage("unauthorized", "ja").length > 0, openApiDocument({ version: "1" })["openapi"]);
`;

describe("the packed contract", () => {
  let folder: string;
  let built: string;
  let project: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-contract-"));
    built = join(folder, "built");
    project = join(folder, "project");
    await buildContract(built);
    const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], built)) as [{ filename: string }];
    // Its one dependency comes from the registry, or from here.
    mkdirSync(join(project, "node_modules/@millrace/contract"), { recursive: true });
    execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", join(project, "node_modules/@millrace/contract")]);
    cpSync(join(ROOT, "node_modules/typebox"), join(project, "node_modules/typebox"), { recursive: true });
    writeFileSync(join(project, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
    writeFileSync(join(project, "program.ts"), PROGRAM);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("has no test, no source and no script, and the document of the API", () => {
    const path = join(project, "node_modules/@millrace/contract");
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as { readonly dependencies: object };
    assert.deepEqual(Object.keys(manifest.dependencies), ["typebox"]);
    for (const member of ["scripts", "devDependencies"]) assert.equal(member in manifest, false);
    for (const name of ["src", "scripts", "tsconfig.build.json", "dist/run.test.js", "dist/testing"])
      assert.equal(existsSync(join(path, name)), false, name);
    assert.equal(readFileSync(join(path, "openapi.json"), "utf8"), readFileSync(join(ROOT, "packages/contract/openapi.json"), "utf8"));
  });

  test("a program is compiled with its types, and runs", () => {
    const options = ["--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "--types", "", "--lib", "es2024,dom"];
    const compiled = spawnSync(process.execPath, [COMPILER, ...options, "program.ts"], { cwd: project, encoding: "utf8" });
    assert.equal(compiled.stdout, "");
    const printed = execFileSync(process.execPath, ["program.js"], { cwd: project, encoding: "utf8" });
    assert.equal(printed, "empty /v1/workflow/invoke true 3.1.0\n");
  });

  test("publint finds nothing to mend", async () => {
    const { messages } = await publint({ pkgDir: built, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });
});

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", [...args], { cwd, encoding: "utf8" });
}
