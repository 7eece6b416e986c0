import { createHash } from "node:crypto";
import engineModule from "@jitl/quickjs-wasmfile-release-sync/emscripten-module";
import { QuickJSFFI } from "@jitl/quickjs-wasmfile-release-sync/ffi";
import { BUILD } from "#sandbox/engine/build";
import { GuestMemory } from "#sandbox/engine/memory";
import { MAX_INPUT_BYTES, MAX_MEMORY_BYTES, STACK_BYTES } from "#sandbox/limits";

/** The few functions of the engine that are used. Every value is an address in the WASM memory. */
interface QuickJs {
  QTS_Call(context: number, fn: number, self: number, argc: number, argv: number): number;
  QTS_Eval(context: number, code: number, length: number, fileName: string, detectModule: number, flags: number): number;
  QTS_ExecutePendingJob(runtime: number, maxJobs: number, lastContext: number): number;
  QTS_GetProp(context: number, self: number, name: number): number;
  QTS_GetString(context: number, value: number): number;
  QTS_GetUndefined(): number;
  QTS_IsJobPending(runtime: number): number;
  QTS_NewArrayBuffer(context: number, bytes: number, length: number): number;
  QTS_NewContext(runtime: number, intrinsics: number): number;
  QTS_NewRuntime(): number;
  QTS_NewString(context: number, text: number): number;
  QTS_ResolveException(context: number, value: number): number;
  QTS_RuntimeEnableInterruptHandler(runtime: number): void;
  QTS_RuntimeSetMaxStackSize(runtime: number, bytes: number): void;
  QTS_RuntimeSetMemoryLimit(runtime: number, bytes: number): void;
}

type EngineModule = ConstructorParameters<typeof QuickJSFFI>[0];

/** The loader that the package's types describe as CommonJS, though it is a module: its default export is this function. */
const loadModule = engineModule as unknown as (options: {
  readonly wasmMemory: WebAssembly.Memory;
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): WebAssembly.Exports;
}) => Promise<EngineModule>;

/** Every language feature except modules. */
const ALL_INTRINSICS = 0;

/** The engine's own bookkeeping beside what it counts as memory of a program, in bytes. */
const HEAP_OVERHEAD_BYTES = 4 * 1024 * 1024;

/** A value that the guest threw. */
export class GuestException extends Error {
  /** Address of the thrown value. */
  readonly thrown: number;
  constructor(thrown: number) {
    super("the guest threw");
    this.thrown = thrown;
  }
}

/**
 * One WASM instance with one runtime and one context. Thin on purpose: it keeps no table of guest values on this side, so that copying the
 * memory back brings everything back. No function of the host is bound into the guest; the engine calls only the interrupt handler.
 */
export class Engine {
  readonly memory: GuestMemory;
  readonly stackPointer: () => number;
  private readonly js: QuickJs;
  private readonly malloc: (bytes: number) => number;
  private readonly runtime: number;
  private readonly context: number;
  private readonly self: number;
  /** One argument of a call; or where the engine writes the context of a job. */
  private readonly cell: number;
  private readonly inputBuffer: number;

  private constructor(memory: GuestMemory, js: QuickJs, malloc: (bytes: number) => number, stackPointer: () => number) {
    this.memory = memory;
    this.js = js;
    this.malloc = malloc;
    this.stackPointer = stackPointer;
    this.runtime = js.QTS_NewRuntime();
    js.QTS_RuntimeSetMaxStackSize(this.runtime, STACK_BYTES);
    js.QTS_RuntimeEnableInterruptHandler(this.runtime);
    this.context = js.QTS_NewContext(this.runtime, ALL_INTRINSICS);
    this.self = js.QTS_GetUndefined();
    this.cell = malloc(8);
    this.inputBuffer = malloc(INPUT_BUFFER_BYTES);
  }

  /** `interrupt` is asked every 10,000 steps of a program; true ends the program. */
  static async start(file: Uint8Array, interrupt: () => boolean): Promise<Engine> {
    if (createHash("sha256").update(file).digest("hex") !== BUILD.sha256)
      throw new Error("the sandbox engine is not the file that this version was built for");
    const memory = new GuestMemory(MAX_MEMORY_BYTES + MAX_INPUT_BYTES + HEAP_OVERHEAD_BYTES);
    const wasm = new WebAssembly.Module(file);
    let instance: WebAssembly.Instance | undefined;
    const module = await loadModule({
      wasmMemory: memory.wasm,
      instantiateWasm(imports, done) {
        instance = new WebAssembly.Instance(wasm, imports);
        done(instance);
        return instance.exports;
      },
    });
    module.callbacks = callbacks(interrupt);
    memory.allow(MAX_MEMORY_BYTES);
    return new Engine(memory, new QuickJSFFI(module), (bytes) => module._malloc(bytes), stackPointerOf(instance));
  }

  /** Sets what the next program may use: `memoryBytes` as the engine counts them, and as the memory may grow. */
  limit(memoryBytes: number, inputBytes: number, stackBytes: number): void {
    this.js.QTS_RuntimeSetMaxStackSize(this.runtime, stackBytes);
    this.js.QTS_RuntimeSetMemoryLimit(this.runtime, memoryBytes);
    this.memory.allow(memoryBytes + inputBytes + HEAP_OVERHEAD_BYTES);
  }

  /** The value of an expression. Throws `GuestException`. */
  evaluate(source: Uint8Array, fileName: string): number {
    const address = this.copyIn(source);
    return this.value(this.js.QTS_Eval(this.context, address, source.length, fileName, 0, 0));
  }

  /** Calls a guest function with one argument or none. Throws `GuestException`. */
  call(fn: number, argument?: number): number {
    if (argument !== undefined) this.memory.writeU32(this.cell, argument);
    return this.value(this.js.QTS_Call(this.context, fn, this.self, argument === undefined ? 0 : 1, this.cell));
  }

  property(object: number, name: string): number {
    return this.value(this.js.QTS_GetProp(this.context, object, this.string(Buffer.from(name))));
  }

  /** A guest string of UTF-8 bytes without a zero byte. */
  string(utf8: Uint8Array): number {
    return this.value(this.js.QTS_NewString(this.context, this.copyIn(utf8)));
  }

  /** The UTF-8 bytes of a guest value as text, up to its first zero byte; valid until the next call into the guest. */
  text(value: number): Uint8Array {
    const start = this.js.QTS_GetString(this.context, value);
    if (start === 0) throw new GuestException(value);
    const { bytes } = this.memory;
    return bytes.subarray(start, bytes.indexOf(0, start));
  }

  /** A guest ArrayBuffer over new bytes whose address this side knows. */
  arrayBuffer(length: number): { readonly value: number; readonly address: number } {
    const address = this.malloc(length);
    return { address, value: this.value(this.js.QTS_NewArrayBuffer(this.context, address, length)) };
  }

  hasJobs(): boolean {
    return this.js.QTS_IsJobPending(this.runtime) !== 0;
  }

  /** Runs waiting jobs, at most `count`. A job that ends by an exception ends only itself. */
  runJobs(count: number): void {
    this.js.QTS_ExecutePendingJob(this.runtime, count, this.cell);
  }

  private value(result: number): number {
    const thrown = this.js.QTS_ResolveException(this.context, result);
    if (thrown !== 0) throw new GuestException(thrown);
    return result;
  }

  private copyIn(utf8: Uint8Array): number {
    const address = utf8.length < INPUT_BUFFER_BYTES ? this.inputBuffer : this.malloc(utf8.length + 1);
    if (address === 0) throw new OutOfGuestMemory();
    const { bytes } = this.memory;
    bytes.set(utf8, address);
    bytes[address + utf8.length] = 0;
    return address;
  }
}

/** Not even the inputs fit. */
export class OutOfGuestMemory extends Error {}

/** Inputs up to this size need no allocation; it is part of every snapshot. */
const INPUT_BUFFER_BYTES = 4_096;

function stackPointerOf(instance: WebAssembly.Instance | undefined): () => number {
  const read = instance?.exports[BUILD.stackPointerExport];
  if (typeof read !== "function") throw new Error("the sandbox engine does not export its stack pointer");
  return () => Number(read());
}

function callbacks(interrupt: () => boolean) {
  const refuse = (): never => {
    throw new Error("the guest reached for the host");
  };
  return {
    shouldInterrupt: () => (interrupt() ? 1 : 0),
    callFunction: refuse,
    freeHostRef: refuse,
    loadModuleSource: refuse,
    normalizeModule: refuse,
  } as const;
}
