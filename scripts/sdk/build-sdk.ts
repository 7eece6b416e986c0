import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SDK = join(ROOT, "packages/sdk");
const COMPILER = join(ROOT, "node_modules/typescript7/bin/tsc");

export interface SdkSizes {
  /** Bytes of the module that programs load, and of it compressed. */
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * Makes the package that is published: one module for `import` and one for `require`, each with its own types, and nothing else. What it is
 * made of has no dependencies, so that is all there is to install.
 * @param out the folder that becomes the package; what was in it is gone.
 */
export async function buildSdk(out: string): Promise<SdkSizes> {
  rmSync(out, { recursive: true, force: true });
  const shared = { bundle: true, platform: "neutral", target: "es2024", minifySyntax: true, logLevel: "warning" } as const;
  const entryPoints = [join(SDK, "src/index.ts")];
  await build({ ...shared, entryPoints, format: "esm", outfile: join(out, "esm/index.js") });
  await build({ ...shared, entryPoints, format: "cjs", outfile: join(out, "cjs/index.js") });
  await writeTypes(out);
  writeFileSync(join(out, "cjs/package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  cpSync(join(SDK, "README.md"), join(out, "README.md"));
  cpSync(join(ROOT, "LICENSE"), join(out, "LICENSE"));
  const code = readFileSync(join(out, "esm/index.js"));
  return { bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length };
}

/**
 * Declarations of every file, with imports that lead to the file beside. There is one set, which both forms have: what a project adds to
 * `Workflows` then holds for both, whichever it is itself.
 */
async function writeTypes(out: string): Promise<void> {
  const types = join(out, "cjs");
  const emit = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", types];
  await promisify(execFile)(process.execPath, [COMPILER, "-p", join(SDK, "tsconfig.build.json"), ...emit]);
  for (const name of readdirSync(types).filter((each) => each.endsWith(".d.ts"))) {
    const text = readFileSync(join(types, name), "utf8");
    writeFileSync(join(types, name), text.replaceAll(/(from |import\()"#([a-z-]+)"/g, '$1"./$2.js"'));
  }
  writeFileSync(join(out, "esm/index.d.ts"), 'export * from "../cjs/index.js";\n');
}

/** The package's own manifest, without what only the workspace needs. */
function manifest(): object {
  const { name, version, description, license, engines } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as {
    readonly [member: string]: unknown;
  };
  const entry = (form: string) => ({ types: `./${form}/index.d.ts`, default: `./${form}/index.js` });
  return {
    name,
    version,
    description,
    license,
    engines,
    type: "module",
    sideEffects: false,
    exports: { ".": { import: entry("esm"), require: entry("cjs") }, "./package.json": "./package.json" },
    files: ["esm", "cjs"],
  };
}
