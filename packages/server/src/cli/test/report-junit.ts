import type { CaseReport, TestReport } from "@millrace/contract";
import { plainDetails } from "#cli/test/report-human";

/** JUnit XML, as CI systems read it: a suite a file, a failure a case. */
export function junitReport({ files, passed, failed, durationMs }: TestReport): string {
  const suites = files.flatMap(({ file, workflow, cases }) => {
    const failures = cases.filter(({ status }) => status === "failed").length;
    const time = cases.reduce((sum, { durationMs: own }) => sum + own, 0);
    const counts = { name: file, tests: cases.length, failures, errors: 0, skipped: 0, time: seconds(time) };
    return [`  <testsuite${attributes(counts)}>`, ...cases.flatMap((each) => caseLines(file, workflow, each)), "  </testsuite>"];
  });
  const all = { name: "millrace test", tests: passed + failed, failures: failed, errors: 0, time: seconds(durationMs) };
  return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${attributes(all)}>`, ...suites, "</testsuites>"].join("\n")}\n`;
}

function caseLines(file: string, workflow: string, testCase: CaseReport): readonly string[] {
  const { name, line, status, durationMs } = testCase;
  const open = `    <testcase${attributes({ name, classname: workflow, time: seconds(durationMs) })}`;
  if (status === "passed") return [`${open}/>`];
  const details = plainDetails(testCase);
  const failure = `      <failure${attributes({ message: details[0] ?? "", type: "failure" })}>${escaped([`${file}:${line}`, ...details].join("\n"))}</failure>`;
  return [`${open}>`, failure, "    </testcase>"];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function attributes(values: { readonly [name: string]: string | number }): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");
}

const ENTITIES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Without the characters that XML has no way to say. */
function escaped(text: string): string {
  const sayable = text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd");
  return sayable.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
