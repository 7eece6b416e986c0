import { hasErrors } from "#cli/check/check-file";
import { checkFiles } from "#cli/check/check-files";
import { checkOptions } from "#cli/check/check-options";
import { problemLine } from "#cli/check/file-problem";
import { invalidFiles } from "#cli/check/refuse-files";
import { wordsFor } from "#cli/check/words";
import type { Action } from "#cli/command";
import { serverSettings } from "#cli/server-settings";
import { chooseFiles } from "#cli/workflow-files";

export const run: Action = async (context, given) => {
  const options = checkOptions(serverSettings(context).settings.egressAllow, await wordsFor(context));
  const paths = await chooseFiles(context.cwd, given.arguments);
  const checked = await checkFiles(context.cwd, paths, options);
  const problems = checked.flatMap((file) => file.problems);
  if (checked.some(hasErrors)) throw invalidFiles(problems);
  for (const warning of problems) context.output.note(problemLine(warning));
  const files = checked.map(({ file, document, problems: warnings }) => ({ file, name: String(document?.["name"]), warnings }));
  const table = `  ${files.length} ${files.length === 1 ? "file" : "files"}, no errors\n`;
  await context.output.data(
    { files },
    { rows: files.map(({ file, name }) => ({ file, name })), names: files.map(({ file }) => file), table },
  );
};
