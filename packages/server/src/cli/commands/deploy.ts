import {
  type DeployAnswer,
  type DeployBody,
  diffLines,
  diffWorkflows,
  type JsonObject,
  lineText,
  type WorkflowView,
} from "@millrace/contract";
import { type CheckedFile, hasErrors } from "#cli/check/check-file";
import { checkFiles } from "#cli/check/check-files";
import { checkOptions } from "#cli/check/check-options";
import { problemLine } from "#cli/check/file-problem";
import { invalidFiles } from "#cli/check/refuse-files";
import { wordsFor } from "#cli/check/words";
import { CliError, usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { serverSettings } from "#cli/server-settings";
import { aligned } from "#cli/table";
import { chooseFiles } from "#cli/workflow-files";

type Deployed = DeployAnswer["workflows"][number];

/** A workflow as it was deployed, and what differs from what was there. */
interface Change extends Deployed {
  readonly changes: readonly string[];
}

/** Revisions are counted up one by one. */
const MAX_REVISION = 1_000_000_000;

export const run: Action = async (context, given) => {
  const paths = await chooseFiles(context.cwd, given.arguments);
  const ifRevision = given.integer("if-revision", 0, MAX_REVISION);
  if (ifRevision !== undefined && paths.length > 1) throw usageError("--if-revision: a revision is one workflow's", "deploy one file");
  const files = await check(context, given, paths);
  const workflows: Change[] = [];
  for (const file of files) {
    const deployed = await deploy(context, file, bodyOf(file, given, ifRevision));
    for (const warning of newTo(file, deployed)) context.output.note(`${file.file} warning ${warning}`);
    workflows.push(deployed);
  }
  const names = workflows.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const rows = workflows.map(({ name, id, version, changed }) => ({ name, id, version, changed }));
  await context.output.data({ workflows }, { rows, names, table: tableOf(workflows, given) });
};

/** What only the server could know: the file itself was told of before. */
function newTo({ problems }: CheckedFile, { warnings = [] }: Change): readonly string[] {
  const found = warnings.filter(({ code, message }) => !problems.some((known) => known.code === code && known.message === message));
  return found.map(({ code, message, hint }) => `${code}: ${message}${hint === undefined ? "" : ` (${hint})`}`);
}

/** Every file is checked before the first is sent: a draft may have faults, but it must be readable. */
async function check(context: CliContext, given: Given, paths: readonly string[]): Promise<(CheckedFile & { document: JsonObject })[]> {
  const options = checkOptions(serverSettings(context).settings.egressAllow, await wordsFor(context));
  const checked = await checkFiles(context.cwd, paths, options);
  const refused = checked.filter((file) => file.document === null || (given.on("publish") && hasErrors(file)));
  if (refused.length > 0) throw invalidFiles(refused.flatMap(({ problems }) => problems));
  for (const problem of checked.flatMap(({ problems }) => problems)) context.output.note(problemLine(problem));
  return checked.flatMap((file) => (file.document === null ? [] : [{ ...file, document: file.document }]));
}

function bodyOf({ document }: { document: JsonObject }, given: Given, ifRevision: number | undefined): DeployBody {
  const note = given.text("note");
  return {
    document,
    publish: given.on("publish"),
    dryRun: given.on("dry-run"),
    ...(note !== undefined && { note }),
    ...(ifRevision !== undefined && { ifRevision }),
  };
}

async function deploy(context: CliContext, { file }: CheckedFile, body: DeployBody): Promise<Change> {
  const document = body.document as JsonObject;
  const before = await documentBefore(context, String(document["name"]), body.publish === true);
  try {
    const { json } = await call(context, "POST", "/api/v1/deploy", { body });
    const [deployed] = (json as DeployAnswer).workflows;
    if (!deployed) throw new Error("the server deployed nothing");
    const changes = before === null ? ["new"] : diffLines(diffWorkflows(before, document)).map(lineText);
    return { ...deployed, changes: deployed.changed ? changes : [] };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.type, `${file}: ${error.message}`, error.exitCode, error.details);
  }
}

/** What is compared with: the live version when a new one would take its place, else the draft. null: nothing yet. */
async function documentBefore(context: CliContext, name: string, publish: boolean): Promise<JsonObject | null> {
  const path = `/api/v1/workflows/${segment(name)}`;
  try {
    const workflow = (await call(context, "GET", path)).json as WorkflowView;
    if (!publish || workflow.liveVersion === undefined) return workflow.document as JsonObject;
    const version = await call(context, "GET", `${path}/versions/${segment(workflow.liveVersion)}`);
    return (version.json as WorkflowView).document as JsonObject;
  } catch (error) {
    if (error instanceof CliError && error.type === "not_found") return null;
    throw error;
  }
}

/** Changes that a line names; the rest are counted. */
const NAMED_CHANGES = 3;

function tableOf(workflows: readonly Change[], given: Given): string {
  if (workflows.every(({ changed }) => !changed)) return "  no changes\n";
  return aligned(workflows.map((workflow) => [`  ${workflow.name}`, changesText(workflow), outcome(workflow, given)]));
}

function changesText({ changed, changes }: Change): string {
  if (!changed) return "no changes";
  const more = changes.length > NAMED_CHANGES ? ", …" : "";
  return `${changes.length} changed  ${changes.slice(0, NAMED_CHANGES).join(", ")}${more}`;
}

function outcome({ changed, version, previousVersion }: Change, given: Given): string {
  if (!changed) return "";
  if (given.on("dry-run")) return "not changed: --dry-run";
  if (!given.on("publish")) return "saved as the draft";
  return `published ${version}${previousVersion === undefined ? "" : ` (was ${previousVersion})`}`;
}
