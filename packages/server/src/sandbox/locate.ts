import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inBundle } from "#bundle";

const TEMPLATE_ENGINE = "minijinja-js/dist/web/minijinja_js_bg.wasm";
const ENGINE = "@jitl/quickjs-wasmfile-release-sync/wasm";

const BUNDLED = inBundle("sandbox-worker.mjs");
const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** The program that a sandbox process runs: the source file, or its own bundle. */
export function workerFile(): string {
  return BUNDLED ? fileURLToPath(BUNDLED) : fromHere("./worker.ts");
}

/** The WASM engine. */
export function engineFile(): string {
  return BUNDLED ? fileURLToPath(new URL("./sandbox-engine.wasm", BUNDLED)) : resolve(ENGINE);
}

/** The WASM interpreter of templates. */
export function templateEngineFile(): string {
  return BUNDLED ? fileURLToPath(new URL("./template-engine.wasm", BUNDLED)) : resolve(TEMPLATE_ENGINE);
}

/** What a sandbox process may read: its own program and the engines. From sources that is this room and the engines' packages. */
export function readableFiles(): readonly string[] {
  if (BUNDLED) return [workerFile(), engineFile(), templateEngineFile()];
  const packages = [join(dirname(engineFile()), "../*"), join(dirname(templateEngineFile()), "../../*")];
  return [fromHere("./*"), fromHere("../../package.json"), ...packages];
}
