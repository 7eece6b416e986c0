import { type Json, type JsonObject, type Said, say } from "@millrace/contract";
import type { Reference, ReferenceResolver, ScopeMember } from "#expression/scope";
import type { ResultShape } from "#node-spec";
import type { GraphDraft, NodeDraft } from "#plan/draft";
import type { Scope } from "#plan/scope";
import { nodeReference, outerReference, readMember } from "#plan/scope-readers";
import { nearHint } from "#suggest";
import { ANY, INTEGER, STRING, type ValueType } from "#value/types";

/** Why a reference cannot be read. */
interface ReferenceFault {
  readonly code: string;
  readonly message: Said;
  readonly hint?: Said;
}

export interface ScopeOptions {
  /** The graph whose nodes are the nearest: the node's own, or a container's body for `collect`. */
  readonly graph: GraphDraft;
  /** The node that reads; null for `collect`, which sees the whole body. */
  readonly reader: NodeDraft | null;
  readonly env: { readonly [name: string]: Json };
  readonly inputs: readonly string[];
  /** The node's own result, where `outputs` read it. */
  readonly result: ResultShape | null;
  readonly secretsAllowed: boolean;
}

/** Names with a meaning of their own in some or all expressions: a node that is called so cannot be read there. */
export const GIVEN_NAMES: ReadonlySet<string> = new Set(["inputs", "result", "env", "run", "workflow", "secrets", "item", "index", "loop"]);

const RUN_FIELDS = ["id", "userId", "startedAt"];
const WORKFLOW_FIELDS = ["id", "name", "version"];

/** The names that the expressions of one node can read, nearest first. */
export class ScopeNames implements ReferenceResolver<Scope> {
  readonly #options: ScopeOptions;
  #fault: ReferenceFault | null = null;

  constructor(options: ScopeOptions) {
    this.#options = options;
  }

  names(): readonly string[] {
    const { graph: innermost, result } = this.#options;
    const inner = innermost.parent ? ["item", "index", "loop"] : [];
    const own = result ? ["result", "inputs"] : ["inputs"];
    return [...this.#graphs().flatMap((graph) => [...graph.byId.keys()]), ...inner, ...own, "env", "run", "workflow"];
  }

  members(name: string, path: readonly string[]): readonly ScopeMember[] | null {
    if (path.length > 0) return null;
    return (
      this.#fieldsOf(name)?.flatMap((field) => {
        const reference = this.resolve(name, [field]);
        return reference === null ? [] : [{ name: field, type: reference.type }];
      }) ?? null
    );
  }

  /** Names of the members of a root name; null: they are not known. */
  #fieldsOf(name: string): readonly string[] | null {
    const { inputs, env, result, graph } = this.#options;
    if (name === "inputs") return inputs;
    if (name === "result") return result && Object.keys(result.fields);
    if (name === "env") return Object.keys(env);
    if (name === "run") return RUN_FIELDS;
    if (name === "workflow") return WORKFLOW_FIELDS;
    if (name === "loop" && graph.parent) return Object.keys(graph.parent.variables);
    return this.#nodeFields(name);
  }

  #nodeFields(name: string): readonly string[] | null {
    const graphs = this.#graphs();
    for (const [hops, graph] of graphs.entries()) {
      const node = graph.byId.get(name);
      if (!node) continue;
      if (graphs[hops - 1]?.parent === node) return ["item", "index", ...Object.keys(node.variables)];
      const failure = node.envelope.onError?.do === "branch" ? ["error"] : [];
      return [...Object.keys(node.shape.fields), ...failure];
    }
    return null;
  }

  resolve(name: string, path: readonly string[]): Reference<Scope> | null {
    this.#fault = null;
    return this.#given(name, path) ?? this.#iteration(name, path) ?? (this.#fault ? null : this.#node(name, path));
  }

  /** Why the last `resolve` gave null, where there is more to say than that the name is unknown. */
  explain(): ReferenceFault | null {
    return this.#fault;
  }

  /** What does not come from other nodes. */
  #given(name: string, path: readonly string[]): Reference<Scope> | null {
    const { inputs, env, result } = this.#options;
    switch (name) {
      case "inputs":
        return this.#member(name, path, inputs, ANY, (scope, field) => readMember(scope.inputs, field));
      case "result":
        if (!result) return null;
        return this.#member(name, path, result.open ? null : Object.keys(result.fields), ANY, (scope, field) =>
          readMember(scope.result, field),
        );
      case "env":
        return this.#member(name, path, Object.keys(env), ANY, (scope, field) => readMember(scope.env, field));
      case "run":
        return this.#member(name, path, RUN_FIELDS, ANY, (scope, field) => readMember(scope.run, field));
      case "workflow":
        return this.#member(name, path, WORKFLOW_FIELDS, ANY, (scope, field) => readMember(scope.workflow, field));
      case "secrets":
        return this.#secret(path[0]);
      default:
        return null;
    }
  }

  /** Named in the document, so that the plan knows what an attempt will need. */
  #secret(name: string | undefined): Reference<Scope> | null {
    if (!this.#options.secretsAllowed)
      return this.#refuse("secret_not_allowed", say`secrets can be read only in fields that carry credentials`);
    if (name === undefined) return this.#refuse("secret_unnamed", say`a secret is read by its name: secrets.NAME`);
    return { consumed: 1, type: STRING, read: (scope) => readMember(scope.secrets, name) };
  }

  /** `item`, `index` and `loop.<variable>` of the innermost container. */
  #iteration(name: string, path: readonly string[]): Reference<Scope> | null {
    const { graph } = this.#options;
    const container = graph.parent;
    if (!container) return null;
    if (name === "item") return { consumed: 0, type: ANY, read: (scope) => scope.frames[graph.depth]?.item ?? null };
    if (name === "index") return { consumed: 0, type: INTEGER, read: (scope) => scope.frames[graph.depth]?.index ?? null };
    if (name !== "loop") return null;
    const names = Object.keys(container.variables);
    return this.#member(name, path, names, ANY, (scope, field) => readMember(variablesOf(scope, container), field), container.variables);
  }

  /** A node of this graph or of one around it. The innermost graph wins. */
  #node(name: string, path: readonly string[]): Reference<Scope> | null {
    const graphs = this.#graphs();
    for (const [hops, graph] of graphs.entries()) {
      const node = graph.byId.get(name);
      if (!node) continue;
      const inside = graphs[hops - 1];
      if (inside && inside.parent === node) return this.#around(node, inside, path);
      return this.#upstream(node, this.#readerIn(hops))
        ? this.#field(node, path)
        : this.#refuse("not_upstream", say`${node.id} does not run before this node`);
    }
    return null;
  }

  /** The enclosing container itself: its current item and variables, not its result. */
  #around(container: NodeDraft, body: GraphDraft, path: readonly string[]): Reference<Scope> | null {
    const names = ["item", "index", ...Object.keys(container.variables)];
    const [field] = path;
    if (field === undefined || !names.includes(field)) {
      return this.#refuse("unknown_variable", say`inside its body, ${container.id} has ${names.join(", ")}`, nearHint(field ?? "", names));
    }
    return outerReference(container, body, field, container.variables[field] ?? ANY);
  }

  #field(node: NodeDraft, path: readonly string[]): Reference<Scope> | null {
    const { fields, open } = node.shape;
    const [field] = path;
    const branches = node.envelope.onError?.do === "branch";
    if (field !== undefined && !open && !Object.hasOwn(fields, field) && !(field === "error" && branches)) {
      return this.#unknownField(node.id, field, Object.keys(fields));
    }
    return nodeReference(node, field, field === undefined ? ANY : (fields[field] ?? ANY));
  }

  #upstream(node: NodeDraft, reader: NodeDraft | null): boolean {
    return reader === null || reader.ancestors.has(node.index);
  }

  /** Who reads, seen from the graph `hops` levels out: the node itself, or the container that it lies in. */
  #readerIn(hops: number): NodeDraft | null {
    if (hops === 0) return this.#options.reader;
    return this.#graphs()[hops - 1]?.parent ?? null;
  }

  #graphs(): GraphDraft[] {
    const graphs: GraphDraft[] = [];
    for (let graph: GraphDraft | undefined = this.#options.graph; graph; graph = graph.parent?.graph) graphs.push(graph);
    return graphs;
  }

  #member(
    name: string,
    path: readonly string[],
    known: readonly string[] | null,
    type: ValueType,
    read: (scope: Scope, field: string | undefined) => Json,
    types: { readonly [name: string]: ValueType } = {},
  ): Reference<Scope> | null {
    const [field] = path;
    if (field !== undefined && known && !known.includes(field)) {
      return this.#unknownField(name, field, known);
    }
    return {
      consumed: field === undefined ? 0 : 1,
      type: (field !== undefined && types[field]) || type,
      read: (scope) => read(scope, field),
    };
  }

  #unknownField(name: string, field: string, known: readonly string[]): null {
    const meant = nearHint(field, known, `${name}.`);
    return this.#refuse("unknown_variable", say`unknown variable ${name}.${field}`, meant);
  }

  #refuse(code: string, message: Said, hint?: Said): null {
    this.#fault = { code, message, ...(hint && { hint }) };
    return null;
  }
}

function variablesOf(scope: Scope, container: NodeDraft): JsonObject {
  return scope.frames[container.graph.depth]?.nodes.at(container.index)?.iteration?.variables ?? {};
}
