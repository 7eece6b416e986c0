import { Environment, initSync } from "minijinja-js/dist/web/minijinja_js.js";
import { withMemoryCap } from "#sandbox/engine/memory-cap";
import type { Answer } from "#sandbox/engine/runner";
import { KEPT_MEMORY_BYTES, MAX_MESSAGE_CHARS, MAX_RESULT_BYTES, TEMPLATE_FUEL, TEMPLATE_MEMORY_BYTES } from "#sandbox/limits";
import { STATUS } from "#sandbox/protocol";

const PAGE_BYTES = 64 * 1024;

/**
 * Renders Jinja templates in an interpreter that is WASM, and has no way out of it: no host object is reachable, no other template, no file.
 * Fuel bounds its steps, its memory cannot grow beyond a bound, and whatever takes too long all the same is killed with the process.
 */
export class Templates {
  readonly #sources = new Map<number, string>();
  readonly #readEngine: () => Uint8Array;
  #memory: WebAssembly.Memory | null = null;

  /** `readEngine` is called with the first template. */
  constructor(readEngine: () => Uint8Array) {
    this.#readEngine = readEngine;
  }

  load(slot: number, source: Uint8Array): void {
    this.#sources.set(slot, Buffer.from(source).toString("utf8"));
  }

  /** The slot has a program of another kind now. */
  drop(slot: number): void {
    this.#sources.delete(slot);
  }

  has(slot: number): boolean {
    return this.#sources.has(slot);
  }

  /** `values`: a JSON object in UTF-8, whose members the template reads by their names. */
  run(slot: number, values: Uint8Array): Answer {
    this.#memory ??= this.#start();
    try {
      const text = render(this.#sources.get(slot) ?? "", JSON.parse(Buffer.from(values).toString("utf8")));
      const body = Buffer.from(`\n${JSON.stringify(text)}`);
      const isLarge = body.length - 1 > MAX_RESULT_BYTES;
      return this.#answer(isLarge ? STATUS.large : STATUS.result, isLarge ? NOTHING : body);
    } catch (error) {
      if (isStopped(error)) return { status: STATUS.memory, isHealthy: false, body: NOTHING };
      const told = JSON.stringify(["", messageOf(error), ""]);
      return this.#answer(STATUS.error, Buffer.from(`\n${told}`));
    }
  }

  #answer(status: number, body: Uint8Array): Answer {
    return { status, isHealthy: (this.#memory?.buffer.byteLength ?? 0) <= KEPT_MEMORY_BYTES, body };
  }

  #start(): WebAssembly.Memory {
    const bytes = withMemoryCap(this.#readEngine(), TEMPLATE_MEMORY_BYTES / PAGE_BYTES);
    return initSync({ module: new WebAssembly.Module(bytes) }).memory;
  }
}

const NOTHING = new Uint8Array();

/** Nothing of a call is there in the next: each has an environment of its own. */
function render(source: string, values: unknown): string {
  const environment = new Environment();
  environment.enablePyCompat();
  environment.fuel = TEMPLATE_FUEL;
  let text: string;
  try {
    text = environment.renderStr(source, values);
  } catch (error) {
    // Of a module that was stopped nothing is to be called any more.
    if (!isStopped(error)) environment.free();
    throw error;
  }
  environment.free();
  return text;
}

/** It does so where its memory ends, or the host's stack, and may be anything afterwards. */
function isStopped(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** The first line; the others show the source. */
function messageOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line.replace(/ \(in <string>:(\d+)\)$/, " (line $1)").slice(0, MAX_MESSAGE_CHARS);
}
