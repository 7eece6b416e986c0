import type { CaseReport, Difference, Json, TestReport } from "@millrace/contract";
import type { Color } from "#cli/color";
import { duration } from "#cli/table";

type Paint = (text: string, color: Color) => string;

/** For people: a line a case, and below it what is wrong. */
export function humanReport({ files, passed, failed, durationMs }: TestReport, paint: Paint): string {
  const lines = files.flatMap(({ file, workflow, cases }) => [
    `${file}  ${workflow}`,
    ...cases.flatMap((testCase) => [caseLine(testCase, paint), ...detailsOf(file, testCase, paint)]),
  ]);
  const sum = `${passed} passed, ${failed} failed`;
  return `${[...lines, "", `  ${paint(sum, failed > 0 ? "red" : "green")} in ${duration(durationMs)}`].join("\n")}\n`;
}

function caseLine({ name, status, updated, recorded, durationMs }: CaseReport, paint: Paint): string {
  const mark = status === "passed" ? paint("✔", "green") : paint("✖", "red");
  return `  ${mark} ${name}  ${duration(durationMs)}${recorded ? "  recorded" : ""}${updated ? "  updated" : ""}`;
}

function detailsOf(file: string, { line, status, differences, unmocked }: CaseReport, paint: Paint): readonly string[] {
  const told = [
    ...unmocked.map(({ node, wanted }) => [`    unmocked: ${node} wants ${wanted}`]),
    ...differences.map((difference) => differenceLines(difference, paint)),
  ].flat();
  return status === "failed" ? [`    ${file}:${line}`, ...told] : told;
}

/** Longer ones are easier to read one below the other. */
const ONE_LINE = 120;

function differenceLines({ at, message, expected, actual }: Difference, paint: Paint): readonly string[] {
  const line = `    ${at}: ${message}`;
  if (line.length <= ONE_LINE || expected === undefined || actual === undefined) return [line];
  return [`    ${at}:`, ...signed("-", expected as Json, "red", paint), ...signed("+", actual as Json, "green", paint)];
}

function signed(sign: string, value: Json, color: Color, paint: Paint): readonly string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return text.split("\n").map((line) => paint(`      ${sign} ${line}`, color));
}

/** What is wrong with a case, in plain lines. */
export function plainDetails({ differences, unmocked }: CaseReport): readonly string[] {
  return [
    ...unmocked.map(({ node, wanted }) => `unmocked: ${node} wants ${wanted}`),
    ...differences.map(({ at, message }) => `${at}: ${message}`),
  ];
}
