import {
  compileStart,
  inWords,
  isJsonObject,
  type JsonObject,
  type PatternEngine,
  type StartCheck,
  toPointer,
  type WorkflowDocument,
} from "@millrace/contract";
import { type NodeSpecs, type Plan, type PlanOptions, type Problem, plan } from "@millrace/engine";
import type { CompiledVersion } from "#runtime/runtime";

type CodeLanguage = "javascript" | "typescript";

/** Code that cannot be parsed, as the sandbox sees it; line and column within the node's `code`, from 1. */
export type CheckCode = (
  language: CodeLanguage,
  code: string,
) => readonly { readonly message: string; readonly line: number; readonly column: number }[];

export interface CompileOptions extends PlanOptions {
  readonly specs: NodeSpecs;
  readonly patterns: PatternEngine;
  readonly checkCode: CheckCode;
  /** Largest inline file of an input, decoded; absent: the contract's. */
  readonly maxFileBytes?: number;
}

/** A version that can run: its plan, and the check of a request's input. */
export interface RunnableVersion extends CompiledVersion {
  readonly checkInput: StartCheck;
}

export interface CompileResult {
  readonly version: RunnableVersion | null;
  readonly problems: readonly Problem[];
}

/** Document → runnable version, or every reason why it cannot be published. */
export function compileVersion(document: unknown, options: CompileOptions): CompileResult {
  const planned = plan(document, options.specs, options);
  const problems = [...planned.problems];
  if (!planned.plan) return { version: null, problems };
  problems.push(...codeProblems(document as WorkflowDocument, options.checkCode));
  const start = startOf(planned.plan, document as WorkflowDocument);
  const compiled = compileStart(start.schema, {
    strictInput: planned.plan.strictInput,
    patterns: options.patterns,
    ...(options.maxFileBytes !== undefined && { maxFileBytes: options.maxFileBytes }),
  });
  if (!compiled.ok) {
    for (const { path, said } of compiled.problems) {
      const message = inWords(said, options.words);
      problems.push({ code: "invalid_start_schema", level: "error", path: `${start.at}/input${path}`, message, nodeId: start.id });
    }
  }
  if (!compiled.ok || problems.some(({ level }) => level === "error")) return { version: null, problems };
  return { version: runnable(planned.plan, compiled.check), problems };
}

function runnable(planned: Plan, checkInput: StartCheck): RunnableVersion {
  return {
    plan: planned,
    checkInput,
    startValues: (input) => {
      const checked = checkInput(input);
      if (!checked.ok) throw new Error("an accepted run's input no longer matches its own version");
      return checked.values;
    },
  };
}

function startOf(planned: Plan, document: WorkflowDocument): { id: string; at: string; schema: JsonObject } {
  const index = planned.root.nodes.findIndex((node) => node.spec.role === "entry");
  const node = document.nodes[index];
  const schema = node?.["input"];
  return { id: node?.id ?? "", at: toPointer(["nodes", index]), schema: isJsonObject(schema) ? schema : { type: "object" } };
}

/** Syntax errors of every code node, bodies included. */
function codeProblems(graph: { readonly nodes: readonly unknown[] }, checkCode: CheckCode, at = ""): Problem[] {
  return graph.nodes.flatMap((node, index) => {
    if (!isJsonObject(node)) return [];
    const here = `${at}/nodes/${index}`;
    const { body, code, id } = node;
    const inside =
      isJsonObject(body) && Array.isArray(body["nodes"]) ? codeProblems({ nodes: body["nodes"] }, checkCode, `${here}/body`) : [];
    const language = node["language"] ?? "javascript";
    if (node["type"] !== "code" || typeof code !== "string" || !isCodeLanguage(language)) return inside;
    const faults = checkCode(language, code);
    return [...inside, ...faults.map((fault): Problem => codeProblem(fault, code, `${here}/code`, String(id)))];
  });
}

function isCodeLanguage(language: unknown): language is CodeLanguage {
  return language === "javascript" || language === "typescript";
}

function codeProblem(fault: ReturnType<CheckCode>[number], code: string, path: string, nodeId: string): Problem {
  const before = code.split("\n").slice(0, fault.line - 1);
  const start = before.reduce((sum, line) => sum + line.length + 1, 0) + fault.column - 1;
  return { code: "MR_CODE_SYNTAX", level: "error", path, message: fault.message, nodeId, start, end: start + 1 };
}
