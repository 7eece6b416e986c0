import type { WorkflowSummary, WorkflowTags } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { candidates } from "#cli/completion/candidates";
import { SCRIPTS, SHELLS } from "#cli/completion/scripts";
import type { CliContext } from "#cli/context";
import { projectFiles } from "#cli/project-files";

/** Nobody waits longer for a word. */
const TIMEOUT_MS = 1_000;

/** Names of workflows that are offered at most. */
const OFFERED = 100;

export const run: Action = async (context, given) => {
  const [shell = "", ...words] = given.arguments;
  if (shell === "complete") {
    const found = await candidates(words, {
      workflows: () => workflowNames(context),
      profiles: () => context.profile.known,
      tags: () => tagNames(context),
    });
    const text = found.map((word) => `${word}\n`).join("");
    await context.output.data({ candidates: found }, { rows: [], names: found, table: text, text });
    return;
  }
  const known = SHELLS.find((one) => one === shell);
  if (known === undefined) throw usageError(`completion: "${shell}" is none of ${SHELLS.join(", ")}`, "source <(millrace completion bash)");
  await context.output.data(
    { shell: known, script: SCRIPTS[known] },
    { rows: [], names: [known], table: SCRIPTS[known], text: SCRIPTS[known] },
  );
};

/** Those of the server; of the files here where it cannot be asked. */
async function workflowNames(context: CliContext): Promise<readonly string[]> {
  try {
    const asking = { ...context, timeoutMs: TIMEOUT_MS };
    const { data } = (await call(asking, "GET", "/api/v1/workflows", { query: { limit: OFFERED } })).json as {
      data: readonly WorkflowSummary[];
    };
    return data.map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return (await projectFiles(context.cwd)).flatMap(({ document }) => (typeof document?.["name"] === "string" ? [document["name"]] : []));
  }
}

/** Likewise. */
async function tagNames(context: CliContext): Promise<readonly string[]> {
  try {
    const { data } = (await call({ ...context, timeoutMs: TIMEOUT_MS }, "GET", "/api/v1/workflow-tags")).json as unknown as WorkflowTags;
    return data.map(({ tag }) => tag);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return (await projectFiles(context.cwd)).flatMap(({ document }) => tagsOf(document?.["tags"]));
  }
}

function tagsOf(tags: unknown): readonly string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}
