import { isUtf8 } from "node:buffer";
import { isJsonObject, type JsonObject } from "@millrace/contract";
import type { Problem } from "@millrace/engine";
import { checkFlow } from "#cli/check/check-flow";
import type { CheckOptions } from "#cli/check/check-options";
import type { FileProblem } from "#cli/check/file-problem";
import type { WorkflowFile } from "#cli/workflow-files";
import { compileVersion } from "#workflows/compile-version";
import { type Locate, locator, type Place, type Position } from "#workflows/locate";
import { readDocument, UnreadableDocument } from "#workflows/read-document";

export interface CheckedFile {
  readonly file: string;
  /** null: the file holds no document that could be read. */
  readonly document: JsonObject | null;
  /** Where the file names its workflow. */
  readonly nameAt: Position;
  /** In the order of their places. */
  readonly problems: readonly FileProblem[];
}

/** Reads a workflow's file, a `.flow` included, and finds everything that would keep it from being published. Asks no server. */
export function checkFile({ path: file, bytes }: WorkflowFile, options: CheckOptions): CheckedFile {
  if (!isUtf8(bytes)) return unreadable(file, 1, 1, "the file is not valid UTF-8");
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  const checked = isFlow(file, text) ? { file, ...checkFlow(file, text, options) } : checkNative(file, text, options);
  return { ...checked, problems: checked.problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

export function hasErrors({ problems }: CheckedFile): boolean {
  return problems.some(({ level }) => level === "error");
}

/** A `.flow` is JSON with an `exportType`, whatever it is called. */
function isFlow(file: string, text: string): boolean {
  if (file.endsWith(".flow")) return true;
  if (!text.trimStart().startsWith("{")) return false;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && "exportType" in value && !("format" in value);
  } catch {
    return false;
  }
}

function checkNative(file: string, text: string, options: CheckOptions): CheckedFile {
  try {
    const document = readDocument(text);
    const { problems } = compileVersion(document, options);
    const locate = locator(text);
    return { file, document, nameAt: locate({ path: "/name" }), problems: problems.map((problem) => located(file, problem, locate)) };
  } catch (error) {
    if (error instanceof UnreadableDocument) return unreadable(file, error.line, error.column, error.message);
    throw error;
  }
}

function unreadable(file: string, line: number, column: number, message: string): CheckedFile {
  return {
    file,
    document: null,
    nameAt: { line, column },
    problems: [{ file, line, column, code: "file_unreadable", level: "error", message }],
  };
}

/** Problems whose path ends at the name of a member: the name is what is wrong. */
const ABOUT_NAMES: ReadonlySet<string> = new Set(["unknown_member", "duplicate_header", "unknown_node_name", "not_mocked"]);

/** A problem of a document as one of its file. */
export function located(file: string, problem: Problem, locate: Locate): FileProblem {
  const { path, start, code, level, message, hint, nodeId } = problem;
  const place: Place = { path, atName: ABOUT_NAMES.has(code), ...(start !== undefined && { start }) };
  return { file, ...locate(place), code, level, message, ...(hint !== undefined && { hint }), ...(nodeId !== undefined && { nodeId }) };
}
