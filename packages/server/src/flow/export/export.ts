import type { Json, JsonObject } from "@millrace/contract";
import { assemble } from "#flow/export/assemble";
import { compare } from "#flow/export/compare";
import { complete } from "#flow/export/complete";
import { type NativeDocument, type NativeNode, type Refuse, readNative } from "#flow/export/native";
import { View } from "#flow/export/view";
import { importFlow } from "#flow/import";
import { isBlank, objectOf } from "#flow/json";
import { inFileOrder } from "#flow/order";
import type { FlowProblem } from "#flow/problems";

/** Something that the vendor's format cannot say. */
export interface FlowRefusal {
  /** JSON pointer in the document. */
  readonly path: string;
  readonly reason: string;
  /** The node that it is about. */
  readonly nodeId?: string;
}

export interface ExportResult {
  /** Null as soon as something is refused: a document is exported whole or not at all. */
  readonly file: JsonObject | null;
  readonly refusals: readonly FlowRefusal[];
  /** What is exported under `millrace`, which the vendor ignores. */
  readonly warnings: readonly FlowRefusal[];
}

/**
 * Writes a native document as a GPTBots `.flow` file. Pure: the same document and time give the same file. Never throws for what a document
 * holds. What an import kept is written as it was read, as long as it still says what the node says; anything else is written anew. The file
 * is then imported, and what would not come back as it was is refused: an exported file means what its document means.
 * @param exportTime epoch ms.
 */
export function exportFlow(document: JsonObject, exportTime: number): ExportResult {
  const unreadable = new Refusals();
  const native = readNative(document, unreadable.add);
  complete(native);
  if (unreadable.list.length > 0) return { file: null, refusals: unreadable.list, warnings: [] };
  const kept = new Set(native.graphs.flatMap((graph) => graph.nodes.filter(isKept)));
  for (let pass = 1; ; pass++) {
    const { file, refusals, changed } = attempt(native, kept);
    if (refusals.list.length === 0) return { file: inFileOrder({ ...file, exportTime }), refusals: [], warnings: warningsOf(native) };
    const stale = [...kept].filter((node) => changed.has(node));
    if (stale.length === 0) return { file: null, refusals: refusals.list, warnings: [] };
    // What is written anew may change how others read: most documents are through after two passes.
    for (const node of pass < MAX_PASSES ? stale : [...kept]) kept.delete(node);
  }
}

/** Passes in which nodes are written anew only as they turn out to be changed. */
const MAX_PASSES = 4;

function isKept({ flow }: NativeNode): boolean {
  return !isBlank(objectOf(flow["node"])["id"]) && !isBlank(objectOf(flow["node"])["type"]);
}

interface Attempt {
  readonly file: JsonObject;
  readonly refusals: Refusals;
  /** Nodes of which something is refused. */
  readonly changed: ReadonlySet<NativeNode>;
}

/** One file, and what of the document it does not say. */
function attempt(native: NativeDocument, kept: ReadonlySet<NativeNode>): Attempt {
  const refusals = new Refusals();
  const file = assemble(new View(native, kept), refusals.add);
  const env = objectOf(native.raw["env"]) as { readonly [name: string]: Json };
  const { document, faults } = importFlow(JSON.stringify(file), { env, egressAllow: () => true, languageKnown: () => true });
  for (const fault of faults) refusals.addFault(fault, native);
  if (document) {
    const unspoken = new Refusals();
    const imported = readNative(document as unknown as JsonObject, unspoken.add);
    complete(imported);
    const known = new Set(refusals.nodes);
    compare(native, imported, (path, reason, node) => {
      // Why a node cannot be said is known already; that it comes back as another says nothing more.
      if (node === null || !known.has(node)) refusals.add(path, reason, node);
    });
  }
  return { file, refusals, changed: refusals.nodes };
}

class Refusals {
  readonly list: FlowRefusal[] = [];
  readonly nodes = new Set<NativeNode>();
  readonly #seen = new Set<string>();

  readonly add: Refuse = (path, reason, node) => {
    if (node) this.nodes.add(node);
    const key = `${path}\n${reason}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.list.push({ path, reason, ...(node && { nodeId: node.id }) });
  };

  /** A fault of the file, at the node that it is about. */
  addFault({ path, message }: FlowProblem, native: NativeDocument): void {
    const node = nodeAt(path, native);
    this.add(node?.at ?? (path === "$.name" ? "/name" : "/nodes"), message, node);
  }
}

/** `$.workflow.workflowNodes[0].subWorkflow.workflowNodes[1].id` as the node that it lies in. */
function nodeAt(path: string, { top }: NativeDocument): NativeNode | null {
  let node: NativeNode | null = null;
  let graph = top;
  for (const [, index] of path.matchAll(/\.workflowNodes\[(\d+)\]/g)) {
    const next: NativeNode | undefined = graph.nodes[Number(index)];
    if (next === undefined) return node;
    node = next;
    if (next.body === null) return node;
    graph = next.body;
  }
  return node;
}

/** Members that the vendor's nodes have not. */
const OURS = ["retry", "onError", "skipIf", "cache", "concurrency", "onItemError"];

function warningsOf(native: NativeDocument): readonly FlowRefusal[] {
  const found: FlowRefusal[] = [];
  for (const name of ["tags", "strictInput", "concurrency"]) {
    if (native.raw[name] !== undefined) found.push({ path: `/${name}`, reason: IGNORED });
  }
  for (const node of native.graphs.flatMap((graph) => graph.nodes)) {
    const names = node.type === "http" || node.raw["timeoutMs"] === undefined ? OURS : [...OURS, "timeoutMs"];
    for (const name of names)
      if (node.raw[name] !== undefined) found.push({ path: `${node.at}/${name}`, reason: IGNORED, nodeId: node.id });
  }
  return found;
}

const IGNORED = "the vendor ignores it: it is kept under millrace";
