import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { buildSdk, type SdkSizes } from "./build-sdk.ts";

// L28, L40: the package as it is published, installed where there is nothing else.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MILLRACE = join(ROOT, "packages/server/src/cli/main.ts");
const COMPILER = join(ROOT, "node_modules/typescript7/bin/tsc");

/** What `millrace types` writes. */
const TYPES = `export {};
declare module "@millrace/sdk" {
  interface Workflows {
    todayNews: { input: { topic: string; max?: number }; output: { news: { title: string }[] } };
  }
}
`;

const PROGRAM = `import { Client, RunFailedError, verifyWebhook, type RunView, type Workflows } from "@millrace/sdk";
const millrace = new Client({ apiKey: "k" });
export async function main(): Promise<string> {
  const run = await millrace.workflows("todayNews").invoke({ topic: "News" }, { userId: "u1" });
  const handle = await millrace.workflows("todayNews").start({ topic: "News", max: 3 }, { idempotencyKey: "order-42" });
  const done = await handle.wait({ timeoutMs: 60_000 });
  const title: string | undefined = done.output.news[0]?.title ?? run.output.news[0]?.title;
  for await (const header of millrace.runs.list({ status: "FAILED", since: "24h" })) console.log(header.error?.type);
  const view: RunView = await millrace.runs.get(run.workflowRunId);
  const event = await verifyWebhook<Workflows["todayNews"]["output"]>("{}", {}, "whsec_x");
  if (event.status === "SUCCEED") console.log(event.output.news.length, view.status, RunFailedError.name);
  const other = await millrace.workflows("anyOther").invoke({ whatever: [1] });
  return title ?? String(other.output["x"]);
}
`;

const GREET = `format: millrace/1
name: greet
nodes:
  - id: start
    type: start
    input: { type: object, properties: { name: { type: string } }, required: [name] }
  - { id: end, type: end, output: { greeting: "Hello {{ start.name }}" } }
edges: [start -> end]
`;

const GREETING = `import { Client } from "@millrace/sdk";
const run = await new Client({ apiKey: "k" }).workflows("greet").invoke({ name: "Ada" });
export const greeting: string = run.output.greeting;
`;

describe("the packed SDK", () => {
  let folder: string;
  let project: string;
  let built: string;
  let sizes: SdkSizes;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-sdk-"));
    built = join(folder, "built");
    project = join(folder, "project");
    sizes = await buildSdk(built);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "name": "project", "private": true }\n');
    const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], built)) as [{ filename: string }];
    npm(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", join(folder, filename)], project);
    writeFileSync(join(project, "millrace.d.ts"), TYPES);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("nothing but itself is installed: no dependency, no script, no source", () => {
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as { packages: object };
    assert.deepEqual(Object.keys(lock.packages), ["", "node_modules/@millrace/sdk"]);
    const manifest = JSON.parse(readFileSync(join(project, "node_modules/@millrace/sdk/package.json"), "utf8")) as object;
    for (const member of ["dependencies", "peerDependencies", "scripts", "imports", "devDependencies"])
      assert.equal(member in manifest, false);
    for (const name of ["src", "esm/client.test.d.ts", "tsconfig.build.json"])
      assert.equal(existsSync(join(project, "node_modules/@millrace/sdk", name)), false);
    assert.ok(sizes.bytes < 40_000 && sizes.gzipBytes < sizes.bytes, JSON.stringify(sizes));
  });

  test("import and require give the same names, without a process to ask for anything", () => {
    const names = (code: string, file: string) => {
      writeFileSync(join(project, file), code);
      return execFileSync(process.execPath, [file], { cwd: project, encoding: "utf8", env: {} });
    };
    const print =
      "console.log(Object.keys(sdk).filter((name) => name !== 'default').sort().join(), new sdk.Client({ apiKey: 'k' }).runs.constructor.name);";
    const imported = names(`import * as sdk from "@millrace/sdk"; ${print}`, "a.mjs");
    assert.equal(names(`const sdk = require("@millrace/sdk"); ${print}`, "b.cjs"), imported);
    assert.match(imported, /^ApiError,AuthError,Client,.*verifyWebhook Runs\n$/);
  });

  for (const [type, module, resolution, file] of [
    ["module", "node16", "node16", "program.ts"],
    ["module", "esnext", "bundler", "program.ts"],
    ["commonjs", "node16", "node16", "program.ts"],
    ["commonjs", "node16", "node16", "program.mts"],
    ["commonjs", "esnext", "bundler", "program.ts"],
  ] as const) {
    test(`types resolve with module ${module}, ${resolution}, as ${file} in a project of type ${type}`, () => {
      writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true, type }));
      assert.equal(compile(PROGRAM, file, module, resolution), "");
    });
  }

  test("types of workflows are held: a wrong input is a compile error where it stands", () => {
    const wrong = PROGRAM.replace('invoke({ topic: "News" }', "invoke({ topc: 1 }");
    assert.match(compile(wrong, "wrong.mts", "node16", "node16"), /^wrong\.mts\(4,\d+\): error .*'topc' does not exist in type .*'topic'/s);
  });

  test("L28: in a project whose types `millrace types` wrote, a wrong input property is a compile error, and stale types are found", () => {
    mkdirSync(join(project, "flows"));
    writeFileSync(join(project, "flows/greet.yaml"), GREET);
    const types = (...args: string[]) =>
      spawnSync(process.execPath, [MILLRACE, "types", "--out", "millrace.d.ts", ...args], { cwd: project, encoding: "utf8" });
    assert.equal(types("--check").status, 3);
    assert.equal(types().status, 0);
    assert.equal(types("--check").status, 0);
    assert.equal(compile(GREETING, "greeting.mts", "node16", "node16"), "");
    const wrong = [
      ['{ name: "Ada" }', '{ nme: "Ada" }', /greeting\.mts\(2,\d+\): error .*'nme' does not exist in type .*name: string/s],
      ['{ name: "Ada" }', "{ name: 1 }", /greeting\.mts\(2,\d+\): error .*'number' is not assignable to type 'string'/],
      ['{ name: "Ada" }', "{}", /greeting\.mts\(2,\d+\): error .*'name' is missing/s],
      ["output.greeting", "output.greting", /greeting\.mts\(3,\d+\): error .*'greting' does not exist.*'greeting'/],
    ] as const;
    for (const [right, instead, told] of wrong)
      assert.match(compile(GREETING.replace(right, instead), "greeting.mts", "node16", "node16"), told);
    writeFileSync(join(project, "flows/greet.yaml"), GREET.replaceAll("name: { type", "who: { type").replace("[name]", "[who]"));
    assert.equal(types("--check").status, 3);
  });

  test("publint finds nothing to mend", async () => {
    const { messages } = await publint({ pkgDir: built, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  function npm(given: readonly string[], cwd: string): string {
    const { status, stdout, stderr } = spawnSync("npm", given, {
      cwd,
      encoding: "utf8",
      env: { ...process.env, npm_config_cache: join(folder, "cache") },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  /** What the compiler says. */
  function compile(program: string, file: string, module: string, resolution: string): string {
    writeFileSync(join(project, file), program);
    const options = [
      "--noEmit",
      "--strict",
      "--target",
      "es2024",
      "--lib",
      "es2024,dom",
      "--types",
      "",
      "--module",
      module,
      "--moduleResolution",
      resolution,
    ];
    return spawnSync(process.execPath, [COMPILER, ...options, "millrace.d.ts", file], { cwd: project, encoding: "utf8" }).stdout;
  }
});
