import { type JsonObject, TestFile, type Words } from "@millrace/contract";
import { checkSchema, type Problem, Problems } from "@millrace/engine";
import { checkCases } from "#cases/check-cases";
import type { ProjectWorkflow } from "#cases/play-case";

/** What a test file says, or everything that is wrong with its shape. */
export function parseTestFile(
  document: JsonObject,
  words?: Words,
): { readonly file: TestFile | null; readonly problems: readonly Problem[] } {
  const problems = new Problems(words);
  const fits = checkSchema(TestFile, document, "", problems);
  return { file: fits ? (document as unknown as TestFile) : null, problems: problems.list };
}

/** What a test file says that its workflow cannot mean. `workflows`: those that its nodes may call. */
export function checkTestFile(
  file: TestFile,
  workflow: ProjectWorkflow,
  workflows: readonly ProjectWorkflow[],
  words?: Words,
): readonly Problem[] {
  const problems = new Problems(words);
  checkCases(file, workflow, workflows, problems);
  return problems.list;
}
