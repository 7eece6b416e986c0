import { join, resolve } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { FLOWS_FOLDER, listWorkflowFiles, readWorkflowFile } from "#cli/workflow-files";
import { readDocument, UnreadableDocument } from "#workflows/read-document";

/** A file of a project and the workflow that it holds. */
export interface ProjectFile {
  /** As the caller would write it. */
  readonly path: string;
  readonly text: string;
  /** null: the file cannot be read as a document; such a file is nobody's. */
  readonly document: JsonObject | null;
}

/** The files of `./flows` that are edited here: a `.flow` is another program's. */
export async function projectFiles(cwd: string): Promise<readonly ProjectFile[]> {
  const names = (await listWorkflowFiles(resolve(cwd, FLOWS_FOLDER))).filter((name) => !name.endsWith(".flow"));
  return Promise.all(names.map((name) => readProjectDocument(cwd, join(FLOWS_FOLDER, name))));
}

async function readProjectDocument(cwd: string, path: string): Promise<ProjectFile> {
  const text = (await readWorkflowFile(cwd, path)).bytes.toString("utf8");
  try {
    return { path, text, document: readDocument(text) };
  } catch (error) {
    if (error instanceof UnreadableDocument) return { path, text, document: null };
    throw error;
  }
}

/** Where a workflow without a file goes: its name, without what file systems refuse. */
export function newPath(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[.-]+|-+$/g, "");
  return join(FLOWS_FOLDER, `${safe === "" ? "workflow" : safe}.yaml`);
}
