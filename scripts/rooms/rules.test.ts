import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

// A small house with the real rules: each file below breaks one rule on purpose or keeps all of them.
const house = mkdtempSync(join(tmpdir(), "rooms-"));
after(() => rmSync(house, { recursive: true, force: true }));

const SERVER = "packages/server/src";

/** Files that break no rule, with the imports that the rules are there to allow. */
const ALLOWED: Readonly<Record<string, string>> = {
  "packages/contract/src/index.ts": 'export * from "#run";',
  "packages/contract/src/run.ts": 'import { Type } from "typebox";\nexport const RUN = Type.Object({});',
  "packages/engine/src/index.ts": 'export * from "#plan/plan";',
  "packages/engine/src/plan/plan.ts": 'import { RUN } from "@millrace/contract";\nexport const PLAN = RUN;',
  "packages/nodes/src/specs.ts": 'export { SPEC } from "#code/spec";',
  "packages/nodes/src/executors.ts": 'export { run } from "#code/run";',
  "packages/nodes/src/kit/define.ts": 'export { PLAN } from "@millrace/engine";',
  "packages/nodes/src/code/spec.ts": 'export { PLAN as SPEC } from "#kit/define";',
  "packages/nodes/src/code/run.ts": 'import { SPEC } from "#code/spec";\nexport const run = () => SPEC;',
  "packages/sdk/src/index.ts": 'import type { RUN } from "@millrace/contract";\nexport type Run = typeof RUN;',
  "packages/console/src/index.ts":
    'export { SPEC } from "@millrace/nodes/specs";\nexport { PLAN } from "@millrace/engine";\nexport type { RUN } from "@millrace/contract";\nimport "#pages/runs/page.tsx";',
  "packages/console/src/pages/runs/page.tsx": 'export { VIEW } from "#pages/editor/graph-view.tsx";',
  "packages/console/src/pages/editor/graph-view.tsx": 'export { VIEW } from "#ui/view.tsx";',
  "packages/console/src/ui/view.tsx": "export const VIEW = 1;",
  [`${SERVER}/log.ts`]: 'import "node:fs";\nexport const log = 1;',
  [`${SERVER}/cli/start.ts`]: 'export * from "#app";',
  [`${SERVER}/cli/print.ts`]: 'import "#log";',
  [`${SERVER}/http/bind.ts`]: 'export * from "#runs/start-run";\nexport * from "#log";',
  [`${SERVER}/http/views.ts`]: 'import type { Store } from "#store/store";\nexport type Row = Store;',
  [`${SERVER}/runs/start-run.ts`]: 'export type { Store } from "#store/store";\nexport type { Runtime } from "#runtime/runtime";',
  [`${SERVER}/runtime/runtime.ts`]: 'import type { Store } from "#store/store";\nexport interface Runtime { store: Store }',
  [`${SERVER}/runtime/embedded/loop.ts`]: 'import type { Store } from "#store/store";\nexport const loop = (store: Store) => store;',
  [`${SERVER}/app/open.ts`]: 'export const open = () => import("#runtime/restate/late");',
  [`${SERVER}/runtime/restate/late.ts`]: "export const host = 1;",
  [`${SERVER}/models/providers/open.ts`]: 'export const open = () => import("#models/providers/sdks/openai");',
  [`${SERVER}/models/providers/sdks/openai.ts`]: 'import "@ai-sdk/openai";\nexport const speak = 1;',
  [`${SERVER}/databases/open.ts`]: 'export const open = () => import("#databases/postgres/late");',
  [`${SERVER}/databases/postgres/late.ts`]: "export const connect = 1;",
  [`${SERVER}/knowledge/documents.ts`]: "export const documents = [];",
  [`${SERVER}/store/store.ts`]: "export interface Store { id: string }",
  [`${SERVER}/workflows/authoring.ts`]: "export const authoring = [];",
  [`${SERVER}/store/sqlite/open.ts`]: 'import type { Store } from "#store/store";\nexport const open = (store: Store) => store;',
  // Tests are outside the rules.
  "packages/engine/src/plan/plan.test.ts": 'import "node:fs";\nimport "../../../server/src/app.ts";',
};

/** Rule -> a file that breaks it. */
const BROKEN: Readonly<Record<string, readonly [file: string, source: string]>> = {
  "no-orphans": ["packages/engine/src/alone.ts", "export const alone = 1;"],
  "not-to-unresolvable": ["packages/engine/src/typo.ts", 'import "#plan/plam";'],
  "no-undeclared-package": ["packages/server/src/flow/undeclared.ts", 'import "acorn";'],
  "no-dev-dependency-at-run-time": ["packages/server/src/flow/dev.ts", 'import "fast-check";'],
  "cross-packages-by-name": ["packages/engine/src/by-path.ts", 'import "../../contract/src/run.ts";'],
  "not-to-test-code": ["packages/engine/src/uses-test-code.ts", 'import "#testing/build";'],
  "contract-imports-only-the-schema-library": ["packages/contract/src/reads-files.ts", 'import "node:fs";'],
  "engine-is-pure": ["packages/engine/src/knows-nodes.ts", 'import "@millrace/nodes/specs";'],
  "nodes-are-pure": ["packages/nodes/src/code/opens-socket.ts", 'import "node:net";'],
  "node-folders-are-islands": ["packages/nodes/src/http/borrows.ts", 'import "#code/spec";'],
  "kit-knows-no-node": ["packages/nodes/src/kit/knows.ts", 'import "#code/spec";'],
  "sdk-has-no-run-time-dependency": ["packages/sdk/src/value.ts", 'import { RUN } from "@millrace/contract";\nexport const run = RUN;'],
  "sdk-knows-only-contract": ["packages/sdk/src/engine.ts", 'export type { PLAN } from "@millrace/engine";'],
  "console-may-import": ["packages/console/src/runs-nodes.ts", 'import "@millrace/nodes/executors";'],
  "console-pages-are-islands": ["packages/console/src/pages/usage/borrows.tsx", 'import "#pages/runs/page.tsx";'],
  "console-controls-know-no-page": ["packages/console/src/ui/looks-up.tsx", 'import "#pages/runs/page.tsx";'],
  "nobody-imports-the-console": [`${SERVER}/http/console.ts`, 'import "@millrace/console";'],
  "nobody-imports-the-server": ["packages/console/src/server.ts", 'import "millrace";'],
  "server-cli": [`${SERVER}/cli/reads-store.ts`, 'import "#store/store";'],
  "server-http": [`${SERVER}/http/sends.ts`, 'import "#egress/looks-up";'],
  "server-http-types-of-store": [`${SERVER}/http/reads-store.ts`, 'import "#store/store";'],
  "server-http-types-of-runtime": [`${SERVER}/http/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-runs": [`${SERVER}/runs/looks-up.ts`, 'import "#http/bind";'],
  "server-alerts": [`${SERVER}/alerts/looks-up.ts`, 'import "#http/bind";'],
  "server-http-types-of-alerts": [`${SERVER}/http/watches.ts`, 'import "#alerts/looks-up";'],
  "server-doctor": [`${SERVER}/doctor/looks-up.ts`, 'import "#http/bind";'],
  "server-doctor-types-of-store": [`${SERVER}/doctor/reads-store.ts`, 'import "#store/store";'],
  "server-http-types-of-doctor": [`${SERVER}/http/examines.ts`, 'import "#doctor/looks-up";'],
  "server-http-types-of-models": [`${SERVER}/http/asks-models.ts`, 'import "#models/opens-sockets";'],
  "server-http-types-of-credits": [`${SERVER}/http/prices.ts`, 'import "#credits/reads-runs";'],
  "server-http-types-of-tools": [`${SERVER}/http/tools.ts`, 'import "#tools/looks-up";'],
  "server-http-types-of-databases": [`${SERVER}/http/databases.ts`, 'import "#databases/looks-up";'],
  "drivers-are-loaded-late": [`${SERVER}/databases/eager.ts`, 'import "#databases/postgres/late";'],
  "restate-is-loaded-late": [`${SERVER}/app/eager.ts`, 'import "#runtime/restate/late";'],
  "server-tools": [`${SERVER}/tools/looks-up.ts`, 'import "#http/bind";'],
  "server-tools-types-of-egress": [`${SERVER}/tools/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-tools-types-of-store": [`${SERVER}/tools/reads-store.ts`, 'import "#store/store";'],
  "server-databases": [`${SERVER}/databases/looks-up.ts`, 'import "#http/bind";'],
  "server-databases-types-of-egress": [`${SERVER}/databases/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-cases": [`${SERVER}/cases/looks-up.ts`, 'import "#http/bind";'],
  "server-cases-types-of-runtime": [`${SERVER}/cases/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-templates": [`${SERVER}/templates/looks-up.ts`, 'import "#http/bind";'],
  "server-templates-types-of-knowledge": [`${SERVER}/templates/reads-documents.ts`, 'import "#knowledge/documents";'],
  "server-templates-types-of-store": [`${SERVER}/templates/reads-store.ts`, 'import "#store/store";'],
  "server-templates-types-of-workflows": [`${SERVER}/templates/publishes.ts`, 'import "#workflows/authoring";'],
  "server-credits": [`${SERVER}/credits/reads-runs.ts`, 'import "#runs/start-run";'],
  "server-credits-types-of-store": [`${SERVER}/credits/reads-store.ts`, 'import "#store/store";'],
  "server-webhooks": [`${SERVER}/webhooks/looks-up.ts`, 'import "#http/bind";'],
  "server-webhooks-types-of-egress": [`${SERVER}/webhooks/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-members": [`${SERVER}/members/looks-aside.ts`, 'import "#runs/start-run";'],
  "server-secrets": [`${SERVER}/secrets/looks-up.ts`, 'import "#http/bind";'],
  "server-secrets-types-of-egress": [`${SERVER}/secrets/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-secrets-types-of-runtime": [`${SERVER}/secrets/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-called": [`${SERVER}/called/looks-up.ts`, 'import "#http/bind";'],
  "server-called-types-of-runtime": [`${SERVER}/called/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-approvals": [`${SERVER}/approvals/looks-up.ts`, 'import "#http/bind";'],
  "server-approvals-types-of-keys": [`${SERVER}/approvals/mints-keys.ts`, 'import "#keys/looks-aside";'],
  "server-approvals-types-of-runtime": [`${SERVER}/approvals/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-starters": [`${SERVER}/starters/looks-up.ts`, 'import "#http/bind";'],
  "server-starters-types-of-runtime": [`${SERVER}/starters/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-starters-types-of-secrets": [`${SERVER}/starters/seals.ts`, 'import "#secrets/looks-up";'],
  "server-telemetry": [`${SERVER}/telemetry/looks-up.ts`, 'import "#http/bind";'],
  "server-telemetry-types-of-egress": [`${SERVER}/telemetry/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-telemetry-types-of-runtime": [`${SERVER}/telemetry/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-telemetry-types-of-store": [`${SERVER}/telemetry/reads-store.ts`, 'import "#store/store";'],
  "server-models": [`${SERVER}/models/reads-rows.ts`, 'import type { Store } from "#store/store";\nexport type Rows = Store;'],
  "server-models-types-of-egress": [`${SERVER}/models/opens-sockets.ts`, 'import "#egress/looks-up";'],
  "server-knowledge": [`${SERVER}/knowledge/looks-up.ts`, 'import "#http/bind";'],
  "server-parsing": [`${SERVER}/parsing/reads-rows.ts`, 'import "#store/store";'],
  "server-usage": [`${SERVER}/usage/looks-up.ts`, 'import "#http/bind";'],
  "server-usage-types-of-runtime": [`${SERVER}/usage/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-workflows": [`${SERVER}/workflows/looks-up.ts`, 'import "#http/bind";'],
  "server-workflows-types-of-runtime": [`${SERVER}/workflows/drives-runtime.ts`, 'import "#runtime/runtime";'],
  "server-keys": [`${SERVER}/keys/looks-aside.ts`, 'import "#runs/start-run";'],
  "server-runtime": [`${SERVER}/runtime/looks-up.ts`, 'import "#runs/start-run";'],
  "server-flow": [`${SERVER}/flow/looks-up.ts`, 'import "#http/bind";'],
  "server-store": [`${SERVER}/store/looks-up.ts`, 'import "#runtime/runtime";'],
  "server-sandbox": [`${SERVER}/sandbox/looks-up.ts`, 'import "#cli/start";'],
  "server-egress": [`${SERVER}/egress/looks-up.ts`, 'import "#app";'],
  "server-config": [`${SERVER}/config/looks-up.ts`, 'import "#http/bind";'],
  "server-room-is-in-the-table": [`${SERVER}/newroom/file.ts`, 'import "#log";'],
  // The composition root may import everyone else, implementations included: this is its only fault.
  "app-knows-no-command": [
    `${SERVER}/app.ts`,
    'import "#http/bind";\nimport "#store/sqlite/open";\nimport "#runtime/embedded/loop";\nimport "#log";\nimport "#cli/print";',
  ],
  "server-shared-files-know-no-room": [`${SERVER}/helper.ts`, 'import "#http/bind";'],
  "only-app-picks-a-store-or-runtime": [`${SERVER}/runs/picks-store.ts`, 'import "#store/sqlite/open";'],
  "model-sdks-are-loaded-late": [`${SERVER}/models/loads-early.ts`, 'import "#models/providers/sdks/openai";'],
  "model-sdks-have-their-folder": [`${SERVER}/models/speaks.ts`, 'import "@ai-sdk/openai";'],
  "implementations-do-not-know-each-other": [`${SERVER}/store/postgres/open.ts`, 'import "#store/sqlite/open";'],
};

/** A cycle takes two files; this one is of types only. */
const CYCLE: Readonly<Record<string, string>> = {
  "packages/engine/src/cycle-a.ts": 'import type { B } from "#cycle-b";\nexport type A = B | 1;',
  "packages/engine/src/cycle-b.ts": 'import type { A } from "#cycle-a";\nexport type B = A | 2;',
  "packages/engine/src/testing/build.ts": 'import "#plan/plan";',
};

/** Package -> its fields; every package has the subpath imports of the real ones. */
const PACKAGES: Readonly<Record<string, object>> = {
  contract: { name: "@millrace/contract", exports: { ".": "./src/index.ts" }, dependencies: { typebox: "1.0.0" } },
  engine: { name: "@millrace/engine", exports: { ".": "./src/index.ts" } },
  nodes: { name: "@millrace/nodes", exports: { "./specs": "./src/specs.ts", "./executors": "./src/executors.ts" } },
  sdk: { name: "@millrace/sdk", exports: { ".": "./src/index.ts" } },
  console: { name: "@millrace/console", imports: { "#*": "./src/*" }, exports: { ".": "./src/index.ts" } },
  server: {
    name: "millrace",
    exports: { ".": "./src/app.ts" },
    dependencies: { "@ai-sdk/openai": "1.0.0" },
    devDependencies: { "fast-check": "1.0.0" },
  },
};

function write(path: string, text: string): void {
  const full = join(house, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function build(): void {
  for (const [folder, fields] of Object.entries(PACKAGES)) {
    write(`packages/${folder}/package.json`, JSON.stringify({ type: "module", imports: { "#*": "./src/*.ts" }, ...fields }));
    const link = join(house, "node_modules", (fields as { name: string }).name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(house, "packages", folder), link);
  }
  for (const library of ["typebox", "acorn", "fast-check", "@ai-sdk/openai"]) {
    write(`node_modules/${library}/package.json`, JSON.stringify({ name: library, version: "1.0.0", exports: "./index.js" }));
    write(`node_modules/${library}/index.js`, "export const Type = {};");
  }
  for (const [path, text] of [...Object.entries(ALLOWED), ...Object.values(BROKEN), ...Object.entries(CYCLE)]) write(path, text);
  write("scripts/tool.ts", 'import "node:fs";');
  write("package.json", JSON.stringify({ type: "module" }));
  copyFileSync(".dependency-cruiser.cjs", join(house, ".dependency-cruiser.cjs"));
  for (const config of ["tsconfig.json", "tsconfig.base.json"]) copyFileSync(config, join(house, config));
}

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

function violations(): readonly Violation[] {
  const cruiser = join(process.cwd(), "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const options = ["packages", "scripts", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, ...options], { cwd: house, encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout).summary.violations;
}

build();
const found = violations();

for (const [rule, [file]] of Object.entries(BROKEN)) {
  test(`${rule}: ${file} is refused`, () => {
    assert.ok(
      found.some((violation) => violation.rule.name === rule && violation.from === file),
      JSON.stringify(found.filter((violation) => violation.from === file)),
    );
  });
}

test("no-circular: a cycle of types is refused too", () => {
  const cycles = found.filter((violation) => violation.rule.name === "no-circular");
  assert.deepEqual(
    cycles.map(({ from }) => from),
    ["packages/engine/src/cycle-a.ts"],
  );
});

test("app.ts may import every room but the commands", () => {
  const faults = found.filter(({ from }) => from === `${SERVER}/app.ts`);
  assert.deepEqual(
    faults.map(({ rule, to }) => [rule.name, to]),
    [["app-knows-no-command", `${SERVER}/cli/print.ts`]],
  );
});

test("what the rules allow is not refused, tests included", () => {
  assert.deepEqual(
    found.filter(({ from }) => Object.hasOwn(ALLOWED, from)),
    [],
  );
});

test("every rule has a file here that breaks it, and a sentence that says why it stands", () => {
  const config: { forbidden: readonly { name: string; comment: string }[] } = createRequire(import.meta.url)(
    join(house, ".dependency-cruiser.cjs"),
  );
  assert.deepEqual(config.forbidden.map(({ name }) => name).toSorted(), ["no-circular", ...Object.keys(BROKEN)].toSorted());
  for (const { name, comment } of config.forbidden) assert.match(comment, /^\S.+\.$/, name);
});
