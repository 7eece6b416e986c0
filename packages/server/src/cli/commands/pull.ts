import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { canonicalText, type JsonObject, type VersionSummary, type WorkflowSummary, type WorkflowView } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { confirm } from "#cli/ask";
import { segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { allRows } from "#cli/pages";
import { newPath, type ProjectFile, projectFiles } from "#cli/project-files";
import { callWorkflow } from "#cli/workflow";
import { replaceFile } from "#cli/workflow-files";
import { formOf, isSame } from "#workflows/format/format-document";
import { mergeText } from "#workflows/format/merge-document";

interface Pulled {
  readonly file: string;
  readonly name: string;
  readonly change: "new" | "changed" | "none";
  readonly text: string;
  /** The file says what no version does, and would be lost. */
  readonly edited: boolean;
}

/** Writes drafts of the server into the files that hold their workflows, and what has no file into a new one where it was asked for. */
export const run: Action = async (context, given) => {
  const files = await projectFiles(context.cwd);
  const wanted = await chooseWorkflows(context, given.arguments, given.on("all"), files);
  const pulled: Pulled[] = [];
  for (const workflow of wanted) pulled.push(await pull(context, workflow, files));
  const lost = pulled.filter(({ edited }) => edited).map(({ file }) => file);
  if (lost.length > 0)
    await confirm(context, "pull", `${lost.join(", ")} ${lost.length === 1 ? "was" : "were"} edited here and not deployed. Replace?`);
  const written = pulled.filter(({ change }) => change !== "none");
  for (const { file, text } of written) {
    await mkdir(dirname(resolve(context.cwd, file)), { recursive: true });
    await replaceFile(resolve(context.cwd, file), text);
  }
  const rows = pulled.map(({ file, name, change }) => ({ file, name, change }));
  const table = written.length === 0 ? "  no changes\n" : written.map(({ file, change }) => `  ${file}   ${change}\n`).join("");
  await context.output.data({ files: rows }, { rows, names: written.map(({ file }) => file), table });
};

/** Those that were named, all of them, or those that have a file. */
async function chooseWorkflows(
  context: CliContext,
  named: readonly string[],
  all: boolean,
  files: readonly ProjectFile[],
): Promise<readonly WorkflowView[]> {
  if (named.length > 0) return Promise.all(named.map((name) => readWorkflow(context, name)));
  const listed = await allRows<WorkflowSummary>(context, "/api/v1/workflows");
  const names = new Set(files.map(({ document }) => document?.["name"]));
  const chosen = listed.filter(({ name }) => all || names.has(name));
  return Promise.all(chosen.map(({ id }) => readWorkflow(context, id)));
}

async function readWorkflow(context: CliContext, workflow: string): Promise<WorkflowView> {
  return (await callWorkflow(context, "GET", workflow)).json as WorkflowView;
}

async function pull(context: CliContext, { id, name, document }: WorkflowView, files: readonly ProjectFile[]): Promise<Pulled> {
  const draft = document as JsonObject;
  const file = files.find((one) => one.document?.["name"] === name);
  if (!file?.document) {
    const path = newPath(name);
    return {
      file: path,
      name,
      change: "new",
      text: mergeText("", draft, formOf(path), nodeSpecs),
      edited: files.some((one) => one.path === path),
    };
  }
  const same = isSame(file.document, draft);
  const text = same ? file.text : mergeText(file.text, draft, formOf(file.path), nodeSpecs);
  return {
    file: file.path,
    name,
    change: same ? "none" : "changed",
    text,
    edited: !same && !(await isKept(context, id, file.document, draft)),
  };
}

/** Is what the file says kept on the server, so that it can be had again? */
async function isKept(context: CliContext, id: string, document: JsonObject, draft: JsonObject): Promise<boolean> {
  if (canonicalText(document) === canonicalText(draft)) return true;
  const hash = createHash("sha256").update(canonicalText(document)).digest("hex");
  const versions = await allRows<VersionSummary>(context, `/api/v1/workflows/${segment(id)}/versions`);
  return versions.some((version) => version.hash === hash);
}
