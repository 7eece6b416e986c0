import type { CaseReport, Difference, Expectation, RecordedAttempt, TestCase, TestReport } from "@millrace/contract";
import type { CaseBench, PlayedCase } from "#app/case-bench";
import { recordedFor } from "#cases/cassette";
import { judge } from "#cases/judge";
import { InvalidInput } from "#cases/play-case";
import { updated } from "#cases/updated";
import type { LoadedTestFile } from "#cli/test/load-test-files";

export interface TestRunOptions {
  readonly bench: CaseBench;
  /** What a case expects is made what its run did. */
  readonly update: boolean;
  readonly record: boolean;
  /** Nothing is run after the first case that fails. */
  readonly bail: boolean;
}

/** What came of one test file, and what is to be written for it. */
export interface RanFile {
  readonly loaded: LoadedTestFile;
  readonly cases: readonly CaseReport[];
  /** By the index of the case. */
  readonly expectations: ReadonlyMap<number, Expectation>;
  /** By the name of the case; of those that were recorded. */
  readonly tapes: ReadonlyMap<string, ReadonlyMap<string, readonly RecordedAttempt[]>>;
}

export async function runTests(files: readonly LoadedTestFile[], options: TestRunOptions): Promise<readonly RanFile[]> {
  const ran: RanFile[] = [];
  for (const loaded of files) {
    const file = await runFile(loaded, options);
    ran.push(file);
    if (options.bail && file.cases.some(({ status }) => status === "failed")) break;
  }
  return ran;
}

export function reportOf(ran: readonly RanFile[], durationMs: number): TestReport {
  const cases = ran.flatMap((file) => file.cases);
  const failed = cases.filter(({ status }) => status === "failed").length;
  const files = ran.map(({ loaded, cases: own }) => ({ file: loaded.path, workflow: loaded.workflow.name, cases: [...own] }));
  return { files, passed: cases.length - failed, failed, durationMs: rounded(durationMs) };
}

async function runFile(loaded: LoadedTestFile, options: TestRunOptions): Promise<RanFile> {
  const cases: CaseReport[] = [];
  const expectations = new Map<number, Expectation>();
  const tapes = new Map<string, PlayedCase["tape"]>();
  for (const [index, testCase] of loaded.file.cases.entries()) {
    const began = performance.now();
    const played = await play(loaded, testCase, options.bench);
    const judged = played instanceof InvalidInput ? refused(played) : judgedOf(testCase, played, options);
    if (judged.expect) expectations.set(index, judged.expect);
    if (judged.tape) tapes.set(testCase.name, judged.tape);
    const { differences, unmocked, expect, tape } = judged;
    const status = differences.length + unmocked.length > 0 && !expect ? "failed" : "passed";
    const marks = { updated: expect !== null, recorded: tape !== null && tape.size > 0 };
    const about = {
      name: testCase.name,
      line: loaded.lines[index] ?? 1,
      status,
      durationMs: rounded(performance.now() - began),
      runMs: judged.runMs,
    } as const;
    cases.push({ ...about, differences: [...differences], unmocked: [...unmocked], ...marks });
    if (options.bail && status === "failed") break;
  }
  return { loaded, cases, expectations, tapes };
}

function play({ workflow, cassette }: LoadedTestFile, testCase: TestCase, bench: CaseBench): Promise<PlayedCase | InvalidInput> {
  return bench.play({ workflow, testCase, recorded: recordedFor(cassette, testCase.name) }).catch((error: unknown) => {
    if (error instanceof InvalidInput) return error;
    throw error;
  });
}

interface Judged {
  readonly differences: readonly Difference[];
  readonly unmocked: PlayedCase["unmocked"];
  readonly runMs: number;
  /** What it is to expect from now on; null: what it does. */
  readonly expect: Expectation | null;
  /** null: nothing was recorded. */
  readonly tape: PlayedCase["tape"] | null;
}

function refused({ message }: InvalidInput): Judged {
  return { differences: [{ at: "input", message }], unmocked: [], runMs: 0, expect: null, tape: null };
}

/** A run that lacked a stand-in says nothing about what is expected of it. */
function judgedOf({ expect = {} }: TestCase, { observed, unmocked, tape }: PlayedCase, { update, record }: TestRunOptions): Judged {
  const differences = unmocked.length > 0 ? [] : judge(expect, observed);
  const isNew = update && unmocked.length === 0 && (differences.length > 0 || Object.keys(expect).length === 0);
  const { runMs } = observed;
  return {
    differences,
    unmocked,
    runMs,
    expect: isNew ? updated(expect, observed) : null,
    tape: record && unmocked.length === 0 ? tape : null,
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
