import { type CheckedFile, checkFile } from "#cli/check/check-file";
import type { CheckOptions } from "#cli/check/check-options";
import type { FileProblem } from "#cli/check/file-problem";
import { readWorkflowFile } from "#cli/workflow-files";

/** Checks files that belong together: of two with a workflow of the same name, the second has no document of its own. */
export async function checkFiles(cwd: string, paths: readonly string[], options: CheckOptions): Promise<CheckedFile[]> {
  const owners = new Map<unknown, string>();
  const checked: CheckedFile[] = [];
  for (const path of paths) {
    const file = checkFile(await readWorkflowFile(cwd, path), options);
    const name = file.document?.["name"];
    const owner = owners.get(name);
    if (typeof name === "string" && owner === undefined) owners.set(name, path);
    checked.push(owner === undefined ? file : { ...file, document: null, problems: [duplicateName(file, owner), ...file.problems] });
  }
  return checked;
}

export function duplicateName({ file, nameAt }: CheckedFile, owner: string): FileProblem {
  return { file, ...nameAt, code: "duplicate_name", level: "error", message: `${owner} has a workflow of this name too` };
}
