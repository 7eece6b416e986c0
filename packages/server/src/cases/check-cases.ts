import { type Expectation, say, type TestFile, toPointer } from "@millrace/contract";
import type { GraphPlan, Problems } from "@millrace/engine";
import { checkMocks } from "#cases/check-mocks";
import { checkMatchers, hintFor, type Steps } from "#cases/check-values";
import { allNodes } from "#cases/mocks";
import type { ProjectWorkflow } from "#cases/play-case";

export function checkCases(file: TestFile, workflow: ProjectWorkflow, workflows: readonly ProjectWorkflow[], problems: Problems): void {
  const names = new Set<string>();
  for (const [index, testCase] of file.cases.entries()) {
    const at: Steps = ["cases", index];
    if (names.has(testCase.name)) problems.add("duplicate_name", toPointer([...at, "name"]), say`there is another case "${testCase.name}"`);
    names.add(testCase.name);
    if (testCase.now !== undefined && !isMoment(testCase.now))
      problems.add("invalid_value", toPointer([...at, "now"]), say`now: a moment in ISO 8601 with its zone, as 2025-01-01T00:00:00Z`);
    checkMocks(testCase.mocks ?? {}, [...at, "mocks"], { workflow, workflows, problems });
    checkExpectation(testCase.expect ?? {}, [...at, "expect"], workflow.compiled.plan.root, problems);
  }
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}

function checkExpectation({ output, error, path, nodes = {} }: Expectation, at: Steps, root: GraphPlan, problems: Problems): void {
  const ids = allNodes(root).map(({ id }) => id);
  const known = (name: string, where: Steps, code = "unknown_node"): void => {
    const id = name.slice(name.lastIndexOf("/") + 1);
    if (!ids.includes(id)) problems.add(code, toPointer(where), say`there is no node ${id}`, hintFor(id, ids));
  };
  checkMatchers(output, [...at, "output"], problems);
  checkMatchers(error?.type, [...at, "error", "type"], problems);
  checkMatchers(error?.message, [...at, "error", "message"], problems);
  if (error?.node !== undefined) known(error.node, [...at, "error", "node"]);
  if (path && "contains" in path) for (const [index, name] of path.contains.entries()) known(name, [...at, "path", "contains", index]);
  else for (const [index, name] of (path ?? []).entries()) known(name, [...at, "path", index]);
  for (const [name, node] of Object.entries(nodes)) {
    known(name, [...at, "nodes", name], "unknown_node_name");
    checkMatchers(node.output, [...at, "nodes", name, "output"], problems);
    checkMatchers(node.attempts, [...at, "nodes", name, "attempts"], problems);
  }
}
