import type { Json } from "@millrace/contract";
import type { Expression, NameNode, Span } from "#expression/ast";
import type { Run } from "#expression/fuel";
import type { Problems } from "#expression/problems";
import type { ReferenceResolver } from "#expression/scope";
import { ANY, type ValueType } from "#value/types";

/** A node of an expression, ready to run: what remains of parsing, names and types is one call. */
export type Code<Env> = (run: Run<Env>) => Json;

export interface Compiled<Env> {
  readonly code: Code<Env>;
  readonly type: ValueType;
}

export interface UsedReference extends Span {
  readonly name: string;
  readonly path: readonly string[];
}

export interface LocalParameter {
  readonly name: string;
  readonly slot: number;
  readonly type: ValueType;
}

/** Where completion was asked for: the value before the dot, or a place for any name. */
export type ProbedPlace =
  | { readonly kind: "name"; readonly params: readonly LocalParameter[] }
  | { readonly kind: "namespace"; readonly name: string }
  | { readonly kind: "member"; readonly type: ValueType; readonly root: string | null; readonly path: readonly string[] };

/** A name that stands where the caret is; the place is told instead of a problem. */
export interface Probe {
  readonly marker: string;
  readonly found: (place: ProbedPlace) => void;
}

type CompileNode = <Env>(node: Expression, compilation: Compilation<Env>) => Compiled<Env>;

/** What is known while one template is compiled. */
export class Compilation<Env> {
  readonly resolver: ReferenceResolver<Env>;
  readonly problems: Problems;
  readonly probe: Probe | null;
  readonly references: UsedReference[] = [];
  /** Nodes so far: the steps that evaluating them once takes. */
  nodes = 0;
  /** Something is made, so that the size of the result must be looked at. */
  builds = false;
  /** Arrow parameters in scope, innermost last. */
  readonly params: LocalParameter[] = [];
  private slots = 0;
  private readonly compileNode: CompileNode;

  constructor(compileNode: CompileNode, resolver: ReferenceResolver<Env>, problems: Problems, probe: Probe | null = null) {
    this.compileNode = compileNode;
    this.resolver = resolver;
    this.problems = problems;
    this.probe = probe;
  }

  compile(node: Expression): Compiled<Env> {
    this.nodes++;
    return this.compileNode(node, this);
  }

  findParam(name: string): LocalParameter | undefined {
    return this.params.findLast((param) => param.name === name);
  }

  /** Runs `body` with the parameters in scope. There is no recursion in the language, so each parameter has one fixed slot. */
  withParams<T>(names: readonly NameNode[], types: readonly ValueType[], body: (params: readonly LocalParameter[]) => T): T {
    const params = names.map((node, index) => ({ name: node.name, slot: this.slots++, type: types[index] ?? ANY }));
    this.params.push(...params);
    const result = body(params);
    this.params.length -= params.length;
    return result;
  }

  /** Stands for what has a problem, so that the rest is still looked at. */
  failed(): Compiled<Env> {
    return { code: () => null, type: ANY };
  }
}
