// What `strace -f -y -xx` wrote, as the operations on one folder and what the world was told meanwhile. An operation has a beginning and
// an end, each a place on the time line of all threads: a sync covers what had ended before it began.

/** Places on the time line: numbers of lines. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

export type Operation = Span &
  (
    | { readonly op: "write"; readonly path: string; readonly offset: number; readonly data: Buffer }
    | { readonly op: "truncate"; readonly path: string; readonly length: number }
    /** Of a file, or of a folder's entries. */
    | { readonly op: "sync"; readonly path: string }
    | { readonly op: "create" | "make folder" | "remove"; readonly path: string }
    | { readonly op: "rename"; readonly from: string; readonly path: string }
  );

/** Bytes that left the process by a socket. */
export interface Sent {
  readonly at: number;
  readonly text: string;
}

export interface Trace {
  readonly operations: readonly Operation[];
  readonly sent: readonly Sent[];
}

/** What the recorder asks strace for. */
export const TRACED_CALLS = [
  ...["openat", "pwrite64", "write", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate"],
  ...["rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "mkdir", "mkdirat", "rmdir"],
];

interface Call extends Span {
  readonly name: string;
  readonly args: string;
  readonly result: string;
}

/** `folder`: what lies below it is followed; `ignored`: files that do not outlive the process anyway. */
export function readTrace(text: string, folder: string, ignored: RegExp): Trace {
  const reader = new Reader(`${folder}/`, ignored);
  for (const call of callsOf(text)) reader.take(call);
  return { operations: reader.operations, sent: reader.sent };
}

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (.*)$/s;
const UNFINISHED = /^(\d+) +(\w+)\((.*?) *<unfinished \.\.\.>$/s;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (.*)$/s;

function* callsOf(text: string): Generator<Call> {
  const open = new Map<string, { readonly begin: number; readonly args: string }>();
  for (const [at, line] of text.split("\n").entries()) {
    const unfinished = UNFINISHED.exec(line);
    if (unfinished) {
      const [, thread = "", , args = ""] = unfinished;
      open.set(thread, { begin: at, args });
      continue;
    }
    const resumed = RESUMED.exec(line);
    if (resumed) {
      const [, thread = "", name = "", rest = "", result = ""] = resumed;
      const { begin, args } = open.get(thread) ?? { begin: at, args: "" };
      open.delete(thread);
      yield { name, args: args + rest, result, begin, end: at };
      continue;
    }
    const [, , name, args = "", result = ""] = WHOLE.exec(line) ?? [];
    if (name !== undefined) yield { name, args, result, begin: at, end: at };
  }
}

const DESCRIPTOR = /^(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>/;
const STRINGS = /"((?:\\x[0-9a-f]{2})*)"/g;

function bytes(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll("\\x", ""), "hex");
}

class Reader {
  readonly operations: Operation[] = [];
  readonly sent: Sent[] = [];
  readonly #folder: string;
  readonly #ignored: RegExp;
  readonly #known = new Set<string>();
  /** Where the next plain write to a descriptor goes. */
  readonly #positions = new Map<string, number>();

  constructor(folder: string, ignored: RegExp) {
    this.#folder = folder;
    this.#ignored = ignored;
  }

  take(call: Call): void {
    if (call.result.startsWith("-1")) return;
    const path = bytes(DESCRIPTOR.exec(call.args)?.[1] ?? "").toString();
    const strings = Array.from(call.args.matchAll(STRINGS), ([, escaped = ""]) => bytes(escaped));
    if (path.startsWith("socket:")) this.#send(call, strings);
    else if (call.name === "openat") this.#open(call, String(strings[0] ?? ""));
    else if (this.#follows(path)) this.#onDescriptor(call, path, strings[0]);
    else this.#onNames(call, strings.map(String));
  }

  #follows(path: string): boolean {
    return `${path}/`.startsWith(this.#folder) && !this.#ignored.test(path);
  }

  #send({ begin }: Call, parts: readonly Buffer[]): void {
    this.sent.push({ at: begin, text: Buffer.concat(parts).toString("latin1") });
  }

  #open({ args, result, begin, end }: Call, path: string): void {
    if (!this.#follows(path)) return;
    const descriptor = /^\d+/.exec(result)?.[0] ?? "";
    this.#positions.set(descriptor, 0);
    if (args.includes("O_CREAT") && !this.#known.has(path)) this.#name({ op: "create", path, begin, end });
    else if (args.includes("O_TRUNC")) this.operations.push({ op: "truncate", path, length: 0, begin, end });
  }

  #onDescriptor({ name, args, result, begin, end }: Call, path: string, data: Buffer = Buffer.alloc(0)): void {
    const numbers = args.split(", ").map(Number);
    if (name === "pwrite64") this.#write(path, numbers.at(-1) ?? 0, data.subarray(0, Number(result)), { begin, end });
    else if (name === "write") {
      const descriptor = /^\d+/.exec(args)?.[0] ?? "";
      const offset = this.#positions.get(descriptor) ?? 0;
      this.#positions.set(descriptor, offset + Number(result));
      this.#write(path, offset, data, { begin, end });
    } else if (name === "ftruncate") this.operations.push({ op: "truncate", path, length: numbers.at(-1) ?? 0, begin, end });
    else if (name === "fsync" || name === "fdatasync") this.operations.push({ op: "sync", path, begin, end });
    else throw new Error(`the store is written by ${name}, which the replay does not know`);
  }

  #write(path: string, offset: number, data: Buffer, span: Span): void {
    this.operations.push({ op: "write", path, offset, data, ...span });
  }

  #onNames({ name, begin, end }: Call, [path = "", to = ""]: readonly string[]): void {
    if (!this.#follows(path)) return;
    if (name === "mkdir") this.#name({ op: "make folder", path, begin, end });
    else if (name === "unlink") this.#name({ op: "remove", path, begin, end });
    else if (name === "rename") this.#name({ op: "rename", from: path, path: to, begin, end });
    else throw new Error(`the store is changed by ${name}, which the replay does not know`);
  }

  #name(operation: Extract<Operation, { op: "create" | "make folder" | "remove" | "rename" }>): void {
    if (operation.op === "remove") this.#known.delete(operation.path);
    else this.#known.add(operation.path);
    if (operation.op === "rename") this.#known.delete(operation.from);
    this.operations.push(operation);
  }
}
