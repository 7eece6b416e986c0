import { resolve } from "node:path";
import { shellWord } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { projectTypes, readIfThere, TYPES_FILE } from "#cli/types/write-types";
import { chooseFiles, replaceFile } from "#cli/workflow-files";

export const run: Action = async (context, given) => {
  const file = given.text("out") ?? TYPES_FILE;
  const { text, workflows } = await projectTypes(context, await chooseFiles(context.cwd, given.arguments));
  const changed = (await readIfThere(context.cwd, file)) !== text;
  if (changed && given.on("check"))
    throw new CliError("types_stale", `${file} does not show the workflows as they are`, EXIT.no, {
      hint: `millrace types${given.text("out") === undefined ? "" : ` -o ${shellWord(file)}`}`,
    });
  if (changed) await replaceFile(resolve(context.cwd, file), text);
  const table = changed ? `  ${file}   ${workflows.length} ${workflows.length === 1 ? "workflow" : "workflows"}\n` : "  no changes\n";
  await context.output.data({ file, changed, workflows }, { rows: [{ file, changed }], names: [file], table });
};
