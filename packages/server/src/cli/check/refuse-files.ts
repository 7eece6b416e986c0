import { type FileProblem, problemLine } from "#cli/check/file-problem";
import { CliError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";

/** Files have errors: people read `file:line:col` lines, warnings included, programs find them in `errors`. */
export function invalidFiles(problems: readonly FileProblem[]): CliError {
  const errors = problems.filter(({ level }) => level === "error").length;
  const files = new Set(problems.map(({ file }) => file)).size;
  const count = `${errors} ${errors === 1 ? "error" : "errors"} in ${files} ${files === 1 ? "file" : "files"}`;
  return new CliError("invalid_flow", count, EXIT.no, { errors: problems, report: problems.map(problemLine) });
}
