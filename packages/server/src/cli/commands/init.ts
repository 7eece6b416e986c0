import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nearestName } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { FIRST_TEMPLATE } from "#cli/project-commands";
import { shownPath } from "#cli/shown-path";
import { GITIGNORE, listTemplates, type Template } from "#cli/templates";

const IGNORED = ".gitignore";

export const run: Action = async (context, given) => {
  const template = await choose(given.text("template") ?? FIRST_TEMPLATE);
  const target = resolve(context.cwd, given.arguments[0] ?? ".");
  const files = [...template.files, IGNORED].sort();
  refuseToOverwrite(context.cwd, target, files);
  for (const file of template.files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(template.folder, file), join(target, file));
  }
  writeFileSync(join(target, IGNORED), GITIGNORE);
  const dir = shownPath(context.cwd, target);
  await context.output.data(
    { dir, template: template.name, workflow: template.workflow, files },
    { rows: files.map((file) => ({ file })), names: files, table: files.map((file) => `  ${file}\n`).join("") },
  );
  context.output.note(`next: ${dir === "." ? "" : `cd ${dir} && `}millrace dev   (README.md says what it does)`);
};

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
