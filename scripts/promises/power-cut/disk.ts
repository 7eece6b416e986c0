import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Operation } from "./trace.ts";

// What a disk may hold after a power cut. Harsher than any file system: of what was not synced, each write and each change of a folder's
// entries may have happened or not, in any combination. Invariants:
// K1. A sync makes durable what had ended on the same file, or in the same folder, before the sync began.
// K2. The content of a file and its name are durable apart from each other.

type DataOperation = Extract<Operation, { op: "write" | "truncate" }>;
type NameOperation = Extract<Operation, { op: "create" | "make folder" | "remove" | "rename" }>;

/** A file without its names. */
interface Inode {
  /** As far as it is durable. */
  content: Buffer;
  pending: DataOperation[];
}

/** A change of a folder's entries. */
interface Entry {
  readonly folder: string;
  readonly end: number;
  /** Names taken away and given; null is a folder. */
  readonly removes: readonly string[];
  readonly gives: readonly (readonly [path: string, node: Inode | null])[];
}

/** Which of the pending operations happened. `index` counts over all of them. */
export interface Fate {
  readonly name: string;
  data(index: number, of: number): "whole" | "torn" | "lost";
  entry(): boolean;
}

/** Files of a disk by path; null: a folder. */
export type Image = ReadonlyMap<string, Buffer | null>;

const SECTOR = 512;

export class Disk {
  /** As the running process sees them. */
  readonly #seen = new Map<string, Inode | null>();
  readonly #durable = new Map<string, Inode | null>();
  #entries: Entry[] = [];

  /** Operations come in the order of their ends. */
  take(operation: Operation): void {
    switch (operation.op) {
      case "write":
      case "truncate":
        this.#inode(operation.path).pending.push(operation);
        break;
      case "sync":
        this.#sync(operation.path, operation.begin);
        break;
      default:
        this.#rename(operation);
    }
  }

  /** Whether anything is left to chance now. */
  get isSettled(): boolean {
    return this.#entries.length === 0 && this.#pending().length === 0;
  }

  /** The disk with what is durable and what of the rest this fate lets happen. */
  after(fate: Fate): Image {
    const names = new Map<string, Inode | null>(this.#durable);
    for (const entry of this.#entries) if (fate.entry()) change(names, entry);
    const contents = this.#contents(fate);
    const isThere = (path: string): boolean => !this.#seen.has(folderOf(path)) || (names.has(folderOf(path)) && isThere(folderOf(path)));
    const image = new Map<string, Buffer | null>();
    for (const [path, node] of names) if (isThere(path)) image.set(path, node && (contents.get(node) ?? node.content));
    return image;
  }

  #contents(fate: Fate): Map<Inode, Buffer> {
    const pending = this.#pending();
    const contents = new Map<Inode, Buffer>();
    for (const [index, [node, operation]] of pending.entries()) {
      const how = fate.data(index, pending.length);
      if (how === "lost") continue;
      const content = contents.get(node) ?? Buffer.from(node.content);
      contents.set(node, write(content, how === "torn" ? tear(operation) : operation));
    }
    return contents;
  }

  #pending(): (readonly [Inode, DataOperation])[] {
    const nodes = new Set([...this.#seen.values(), ...this.#durable.values()].filter((node) => node !== null));
    return [...nodes].flatMap((node) => node.pending.map((operation) => [node, operation] as const)).sort(([, a], [, b]) => a.end - b.end);
  }

  #sync(path: string, begin: number): void {
    const node = this.#seen.get(path);
    if (node) {
      const synced = node.pending.filter(({ end }) => end < begin);
      // A copy: images that were made before keep theirs.
      if (synced.length > 0) node.content = synced.reduce(write, Buffer.from(node.content));
      node.pending = node.pending.filter(({ end }) => end >= begin);
      return;
    }
    for (const entry of this.#entries) if (entry.folder === path && entry.end < begin) change(this.#durable, entry);
    this.#entries = this.#entries.filter(({ folder, end }) => folder !== path || end >= begin);
  }

  #rename(operation: NameOperation): void {
    const { path, end } = operation;
    const folder = folderOf(path);
    const entry = { folder, end, removes: removedBy(operation), gives: this.#givenBy(operation) };
    change(this.#seen, entry);
    this.#entries.push(entry);
  }

  #givenBy(operation: NameOperation): Entry["gives"] {
    if (operation.op === "rename") return [[operation.path, this.#inode(operation.from)]];
    if (operation.op === "create") return [[operation.path, { content: Buffer.alloc(0), pending: [] }]];
    return operation.op === "make folder" ? [[operation.path, null]] : [];
  }

  #inode(path: string): Inode {
    const node = this.#seen.get(path);
    if (!node) throw new Error(`${path} is no file that was made before`);
    return node;
  }
}

function removedBy(operation: NameOperation): string[] {
  if (operation.op === "remove") return [operation.path];
  return operation.op === "rename" ? [operation.from] : [];
}

function change(names: Map<string, Inode | null>, { removes, gives }: Entry): void {
  for (const path of removes) names.delete(path);
  for (const [path, node] of gives) names.set(path, node);
}

function write(content: Buffer, operation: DataOperation): Buffer {
  if (operation.op === "truncate") return resized(content, operation.length);
  const { offset, data } = operation;
  const result = resized(content, Math.max(content.length, offset + data.length));
  data.copy(result, offset);
  return result;
}

/** The same buffer where the length is the same. */
function resized(content: Buffer, length: number): Buffer {
  if (length === content.length) return content;
  return length < content.length
    ? Buffer.from(content.subarray(0, length))
    : Buffer.concat([content, Buffer.alloc(length - content.length)]);
}

/** Half of its sectors. */
function tear(operation: DataOperation): DataOperation {
  if (operation.op === "truncate") return operation;
  const whole = Math.floor(operation.data.length / 2 / SECTOR) * SECTOR;
  return { ...operation, data: operation.data.subarray(0, whole) };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Puts the disk into a folder. */
export function writeImage(image: Image, from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const [path, content] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const target = join(to, relative(from, path));
    if (content === null) mkdirSync(target, { recursive: true, mode: 0o700 });
    else writeFileSync(target, content, { mode: 0o600 });
  }
}
