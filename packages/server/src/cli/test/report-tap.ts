import type { CaseReport, TestReport } from "@millrace/contract";
import { plainDetails } from "#cli/test/report-human";

/** TAP 14 (testanything.org): what is wrong stands in the YAML block of its test point. */
export function tapReport({ files, passed, failed }: TestReport): string {
  const points = files.flatMap(({ file, cases }) => cases.map((testCase) => ({ file, testCase })));
  const lines = points.flatMap(({ file, testCase }, index) => [pointLine(index + 1, file, testCase), ...diagnostics(file, testCase)]);
  return `${["TAP version 14", `1..${points.length}`, ...lines, `# passed ${passed}, failed ${failed}`].join("\n")}\n`;
}

function pointLine(number: number, file: string, { name, status }: CaseReport): string {
  return `${status === "passed" ? "ok" : "not ok"} ${number} - ${escaped(`${file}: ${name}`)}`;
}

/** A hash would begin a directive. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, "\\$&").replace(/\s+/g, " ");
}

/** Texts as JSON, which is YAML. */
function diagnostics(file: string, testCase: CaseReport): readonly string[] {
  const head = ["  ---", `  duration_ms: ${testCase.durationMs}`];
  if (testCase.status === "passed") return [...head, "  ..."];
  const details = plainDetails(testCase).map((line) => `    - ${JSON.stringify(line)}`);
  return [...head, `  at: ${JSON.stringify(`${file}:${testCase.line}`)}`, "  problems:", ...details, "  ..."];
}
