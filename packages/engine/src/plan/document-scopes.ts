import { fromPointer, isJsonObject, type Json } from "@millrace/contract";
import type { ReferenceResolver } from "#expression/scope";
import type { NodeSpecs } from "#node-spec";
import { checkDocument } from "#plan/document";
import type { GraphDraft, NodeDraft } from "#plan/draft";
import { Problems } from "#plan/problem";
import { readGraph } from "#plan/read-graph";
import { checkRules } from "#plan/rules";
import type { Scope } from "#plan/scope";
import { ScopeNames, type ScopeOptions } from "#plan/scope-names";
import { typeName } from "#value/types";

/** Something that an expression may read. */
export interface LegalReference {
  /** As it is written between braces: `fetch.body`, `loop.total`, `item`. */
  readonly expression: string;
  /** Spelling of its type: `string`, `array<object>`, `any`. */
  readonly type: string;
  /** The node that it is a field of; null: it is no node's. */
  readonly nodeId: string | null;
}

/**
 * What the expressions of a document may read, for editors: made anew from a document that may have faults, and asked as often as needed.
 * Members are JSON pointers within the node: `/prompt`, `/outputs/text/value`, `/headers/authorization`.
 */
export class DocumentScopes {
  readonly #nodes = new Map<string, NodeDraft>();
  readonly #env: { readonly [name: string]: Json };

  constructor(document: unknown, specs: NodeSpecs) {
    const ignored = new Problems();
    const readable = checkDocument(document, ignored);
    this.#env = readable && isJsonObject(document.env) ? document.env : {};
    if (!readable) return;
    const graph = readGraph(document, specs, ignored);
    checkRules(graph, ignored);
    this.#collect(graph);
  }

  /** For `completeTemplate`, `compileTemplate` and the like. null: the document has no such node that can be read. */
  at(nodeId: string, member: string): ReferenceResolver<Scope> | null {
    return this.#names(nodeId, member);
  }

  /** Every legal reference, the nearest first: whole values, and their fields where these are known. */
  references(nodeId: string, member: string): readonly LegalReference[] {
    const names = this.#names(nodeId, member);
    if (!names) return [];
    return names.names().flatMap((name) => {
      const id = this.#nodes.has(name) ? name : null;
      const whole = names.resolve(name, []);
      const fields = (names.members(name, []) ?? []).map((field) => ({
        expression: isPlain(field.name) ? `${name}.${field.name}` : `${name}[${JSON.stringify(field.name)}]`,
        type: typeName(field.type),
        nodeId: id,
      }));
      return whole === null ? fields : [{ expression: name, type: typeName(whole.type), nodeId: id }, ...fields];
    });
  }

  #collect(graph: GraphDraft): void {
    for (const node of graph.nodes) {
      this.#nodes.set(node.id, node);
      if (node.body) this.#collect(node.body);
    }
  }

  #names(nodeId: string, member: string): ScopeNames | null {
    const node = this.#nodes.get(nodeId);
    return node ? new ScopeNames({ ...PLAIN, env: this.#env, ...placeOf(node, member) }) : null;
  }
}

const PLAIN = { result: null, secretsAllowed: false } as const;

/** Who reads at the member, as `compileGraph` has it. */
function placeOf(node: NodeDraft, member: string): Omit<ScopeOptions, "env" | "result" | "secretsAllowed"> & Partial<ScopeOptions> {
  const [first = "", ...rest] = fromPointer(member);
  const own = { graph: node.graph, reader: node, inputs: Object.keys(node.envelope.inputs ?? {}) };
  if (first === "inputs") return { ...own, inputs: [] };
  if (first === "outputs") return { ...own, result: node.spec.version === 0 ? { fields: {}, open: true } : node.spec.result(node.config) };
  const mode = node.spec.members[first];
  if (node.body && mode === "body") return { graph: node.body, reader: null, inputs: [] };
  if (node.body && mode === "iteration") return { graph: { ...node.body, byId: new Map() }, reader: null, inputs: [] };
  const secretsAllowed = rest.length > 0 && (node.spec.secretFields ?? []).some((field) => `${member}/`.startsWith(`${field}/`));
  return { ...own, secretsAllowed };
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}
