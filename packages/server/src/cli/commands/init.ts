import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isJsonObject, type JsonObject, nearestName } from "@millrace/contract";
import { parse } from "yaml";
import { CliError, usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { type Scaffold, scaffold } from "#cli/init/scaffold";
import { INIT_TEMPLATE } from "#cli/project-commands";
import { shownPath } from "#cli/shown-path";
import { typesText } from "#cli/types/types-text";
import { isTestFile, isWorkflowPath } from "#cli/workflow-files";
import { packageVersion } from "#package";
import { listTemplates, type Template } from "#templates/templates";

export const run: Action = async (context, given) => {
  const template = await choose(given.text("template") ?? INIT_TEMPLATE);
  const target = resolve(context.cwd, given.arguments[0] ?? ".");
  const files = projectFiles(template, target);
  const names = files.map(({ file }) => file);
  refuseToOverwrite(context.cwd, target, names);
  for (const { file, text } of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), text);
  }
  const dir = shownPath(context.cwd, target);
  await context.output.data(
    { dir, template: template.name, workflow: template.workflow, files: names },
    { rows: names.map((file) => ({ file })), names, table: names.map((file) => `  ${file}\n`).join("") },
  );
  context.output.note(`next: ${dir === "." ? "" : `cd ${dir} && `}millrace dev   (README.md says what it does)`);
};

/** The template's files and what every project has, by name. */
function projectFiles(template: Template, folder: string): readonly Scaffold[] {
  const own = template.files.map((file): Scaffold => ({ file, text: readFileSync(join(template.folder, file), "utf8") }));
  const documents = own.filter(({ file }) => isWorkflowPath(file)).map(({ text }) => parse(text) as JsonObject);
  const types = typesText(documents.filter(isJsonObject));
  const tested = template.files.some(isTestFile);
  return [...own, ...scaffold({ folder, tested, version: packageVersion(), types })].sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function choose(name: string): Promise<Template> {
  const templates = await listTemplates();
  const found = templates.find((template) => template.name === name);
  if (found) return found;
  const names = templates.map((template) => template.name);
  const near = nearestName(name, names);
  throw usageError(
    `init --template: there is no template "${name}"`,
    near === null ? `one of ${names.join(", ")}` : `did you mean ${near}?`,
  );
}

function refuseToOverwrite(cwd: string, target: string, files: readonly string[]): void {
  const there = files.filter((file) => existsSync(join(target, file)));
  if (there.length === 0) return;
  throw new CliError(
    "file_exists",
    `${there.join(", ")} ${there.length === 1 ? "is" : "are"} there already: nothing was written`,
    EXIT.conflict,
    {
      hint: `name an empty folder: millrace init DIR (this one is ${shownPath(cwd, target)})`,
    },
  );
}
