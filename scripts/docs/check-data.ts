import { parseDocument } from "yaml";
import { isJsonObject, type Json } from "../../packages/contract/src/json.ts";
import { parseTestFile } from "../../packages/server/src/cases/test-file.ts";
import { checkFile } from "../../packages/server/src/cli/check/check-file.ts";
import { checkOptions } from "../../packages/server/src/cli/check/check-options.ts";
import { readDocument, UnreadableDocument } from "../../packages/server/src/workflows/read-document.ts";
import type { Block, Finding } from "./blocks.ts";

/** Faults of nodes that are shown without the rest of their workflow. */
const OF_THE_REST: ReadonlySet<string> = new Set(["unknown_variable", "not_upstream", "dead_end"]);

const WORKFLOW_OPTIONS = checkOptions("");

export function checkJson({ page, line, text }: Block): readonly Finding[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [{ page, line, message: `no JSON: ${(error as Error).message}` }];
  }
}

/** A workflow is checked as `millrace validate` does, a test file as `millrace test`, nodes as parts of a workflow; anything else has to be YAML. */
export function checkYaml(block: Block): readonly Finding[] {
  const document = parseDocument(block.text);
  const [error] = document.errors;
  if (error) return [{ page: block.page, line: block.line + (error.linePos?.[0].line ?? 1) - 1, message: `no YAML: ${error.message}` }];
  const value = document.toJS() as Json;
  if (isJsonObject(value) && "format" in value) return checkWorkflow(block, block.text);
  if (isJsonObject(value) && "cases" in value) return checkTests(block);
  return isNodes(value) ? checkNodes(block, value) : [];
}

function checkWorkflow({ page, line }: Block, text: string): readonly Finding[] {
  const { problems } = checkFile({ path: "block.yaml", bytes: Buffer.from(text) }, WORKFLOW_OPTIONS);
  const faults = problems.filter(({ level }) => level === "error");
  return faults.map((problem) => ({ page, line: line + problem.line - 1, message: `${problem.code}: ${problem.message}` }));
}

function checkTests({ page, line, text }: Block): readonly Finding[] {
  try {
    return parseTestFile(readDocument(text)).problems.map(({ code, path, message }) => ({
      page,
      line,
      message: `${code} at ${path}: ${message}`,
    }));
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    return [{ page, line: line + error.line - 1, message: error.message }];
  }
}

function isNodes(value: Json): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every((node) => isJsonObject(node) && "id" in node && "type" in node);
}

function checkNodes({ page, line }: Block, nodes: readonly Json[]): readonly Finding[] {
  const ids = nodes.flatMap((node) => (isJsonObject(node) ? [String(node["id"])] : []));
  const frame = [
    { id: "start", type: "start" },
    { id: "end", type: "end", text: "" },
  ];
  const edges = ["end", ...ids].map((id) => `start -> ${id}`);
  const document = { format: "millrace/1", name: "block", nodes: [...frame, ...nodes], edges };
  const { problems } = checkFile({ path: "block.json", bytes: Buffer.from(JSON.stringify(document)) }, WORKFLOW_OPTIONS);
  const faults = problems.filter(({ level, code }) => level === "error" && !OF_THE_REST.has(code));
  return faults.map(({ code, message }) => ({ page, line, message: `${code}: ${message}` }));
}
