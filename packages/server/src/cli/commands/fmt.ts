import { resolve } from "node:path";
import { shellWord } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import type { FileProblem } from "#cli/check/file-problem";
import { invalidFiles } from "#cli/check/refuse-files";
import { CliError, usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { chooseFiles, readWorkflowFile, replaceFile } from "#cli/workflow-files";
import { formatText, formOf } from "#workflows/format/format-document";
import { UnreadableDocument } from "#workflows/read-document";

interface Formatted {
  readonly file: string;
  readonly text: string;
  readonly changed: boolean;
}

export const run: Action = async (context, given) => {
  const flow = given.arguments.find((path) => path.endsWith(".flow"));
  if (flow !== undefined)
    throw usageError(`fmt: ${flow} is a .flow file, which has no other form`, "millrace import makes a workflow of it");
  const paths = (await chooseFiles(context.cwd, given.arguments)).filter((path) => !path.endsWith(".flow"));
  const formatted = await formatAll(context.cwd, paths);
  const different = formatted.filter(({ changed }) => changed);
  if (given.on("check") && different.length > 0) throw notFormatted(different.map(({ file }) => file));
  for (const { file, text } of different) await replaceFile(resolve(context.cwd, file), text);
  const files = formatted.map(({ file, changed }) => ({ file, changed }));
  const table = different.length === 0 ? "  no changes\n" : different.map(({ file }) => `  ${file}\n`).join("");
  await context.output.data({ files }, { rows: files, names: different.map(({ file }) => file), table });
};

/** Every file is read before the first is written. */
async function formatAll(cwd: string, paths: readonly string[]): Promise<readonly Formatted[]> {
  const formatted: Formatted[] = [];
  const problems: FileProblem[] = [];
  for (const path of paths) {
    const before = (await readWorkflowFile(cwd, path)).bytes.toString("utf8");
    try {
      const text = formatText(before, formOf(path), nodeSpecs);
      formatted.push({ file: path, text, changed: text !== before });
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) throw error;
      const { line, column, message } = error;
      problems.push({ file: path, line, column, code: "file_unreadable", level: "error", message });
    }
  }
  if (problems.length > 0) throw invalidFiles(problems);
  return formatted;
}

function notFormatted(files: readonly string[]): CliError {
  const [first] = files;
  const message = files.length === 1 ? `${first} is not in canonical form` : `${files.length} files are not in canonical form`;
  return new CliError("not_formatted", message, EXIT.no, {
    hint: `millrace fmt ${files.map(shellWord).join(" ")}`,
    errors: files.map((file) => ({ file })),
    report: files.map((file) => `${file} not_formatted: not in canonical form (millrace fmt ${shellWord(file)})`),
  });
}
