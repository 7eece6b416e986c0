import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The files of the sandbox process beside a bundle; the build step puts them there. */
const BUNDLED_WORKER = "sandbox-worker.mjs";
const BUNDLED_ENGINE = "sandbox-engine.wasm";
const BUNDLED_TEMPLATE_ENGINE = "template-engine.wasm";

function here(): string {
  return fileURLToPath(import.meta.url);
}

function isBundle(): boolean {
  return !here().endsWith(".ts");
}

/** The program that a sandbox process runs: the source file, or its own bundle beside the server's. */
export function workerFile(): string {
  return isBundle() ? join(dirname(here()), BUNDLED_WORKER) : fileURLToPath(new URL("./worker.ts", import.meta.url));
}

/** The WASM engine. */
export function engineFile(): string {
  return isBundle() ? join(dirname(here()), BUNDLED_ENGINE) : createRequire(import.meta.url).resolve(`${ENGINE_PACKAGE}/wasm`);
}

/** The WASM interpreter of templates. */
export function templateEngineFile(): string {
  return isBundle() ? join(dirname(here()), BUNDLED_TEMPLATE_ENGINE) : createRequire(import.meta.url).resolve(TEMPLATE_ENGINE);
}

const TEMPLATE_ENGINE = "minijinja-js/dist/web/minijinja_js_bg.wasm";
const ENGINE_PACKAGE = "@jitl/quickjs-wasmfile-release-sync";

/** What a sandbox process may read: its own program and the engines. From sources that is this room and the engines' packages. */
export function readableFiles(): readonly string[] {
  if (isBundle()) return [workerFile(), engineFile(), templateEngineFile()];
  const packages = [join(dirname(engineFile()), "../*"), join(dirname(templateEngineFile()), "../../*")];
  return [join(dirname(here()), "*"), join(dirname(here()), "../../package.json"), ...packages];
}
