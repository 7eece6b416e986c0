import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const SOURCES = new URL("../../packages/server/src", import.meta.url).pathname;

/** A package that is imported late, and whether its default is what is taken. */
const LATE = /\(?await import\("([a-z@][^"]*)"\)(\)\.default)?/g;

test("of CommonJS that is imported late the default is taken: in a bundle it has no other names", () => {
  const { resolve } = createRequire(join(SOURCES, "cli/main.ts"));
  const seen: string[] = [];
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts") || file.includes("testing/")) continue;
    for (const [, name = "", takesDefault] of readFileSync(join(SOURCES, file), "utf8").matchAll(LATE)) {
      if (name.startsWith("node:")) continue;
      const { type } = JSON.parse(readFileSync(findPackageJSON(pathToFileURL(resolve(name))) ?? "", "utf8")) as { type?: string };
      assert.ok(type === "module" || takesDefault !== undefined, `${file} imports ${name}`);
      seen.push(name);
    }
  }
  assert.ok(seen.includes("undici") && seen.includes("smol-toml"), seen.join(" "));
});
