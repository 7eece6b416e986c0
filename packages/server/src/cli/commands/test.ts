import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { TestReport } from "@millrace/contract";
import pino from "pino";
import { CaseBench } from "#app/case-bench";
import type { Recording } from "#app/recording";
import { cassettePath, recordedAnew } from "#cases/cassette";
import { rewriteExpectations } from "#cases/rewrite";
import { asBackupError } from "#cli/backups";
import { checkOptions } from "#cli/check/check-options";
import { invalidFiles } from "#cli/check/refuse-files";
import { wordsFor } from "#cli/check/words";
import { CliError } from "#cli/cli-error";
import { wantsColor } from "#cli/color";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { serverSettings } from "#cli/server-settings";
import { loadTestFiles } from "#cli/test/load-test-files";
import { Project } from "#cli/test/project";
import { humanReport } from "#cli/test/report-human";
import { junitReport } from "#cli/test/report-junit";
import { tapReport } from "#cli/test/report-tap";
import { type RanFile, reportOf, runTests } from "#cli/test/run-tests";
import { chooseTestFiles } from "#cli/test/test-files";
import type { Settings } from "#config/settings";
import type { Logger } from "#log";

export const run: Action = async (context, given) => {
  const began = performance.now();
  const { settings } = serverSettings(context);
  const paths = await chooseTestFiles(context.cwd, given.arguments);
  const project = await Project.open(context.cwd, paths, checkOptions(settings.egressAllow, await wordsFor(context)));
  const { files, problems } = await loadTestFiles(context.cwd, paths, project);
  if (problems.some(({ level }) => level === "error")) throw invalidFiles(problems);
  const record = given.on("record");
  const log = pino({ level: "silent" });
  const recording = record ? await startRecording(context, settings, log) : null;
  const bench = await CaseBench.open({ settings, log, workflows: project.workflows, recording });
  try {
    const ran = await runTests(files, { bench, update: given.on("update"), record, bail: given.on("bail") });
    for (const file of ran) await write(context.cwd, file, record);
    await tell(context, given.text("reporter"), reportOf(ran, performance.now() - began));
  } finally {
    await bench.close();
    await recording?.close();
  }
};

/** With the connections of the data directory; loaded late, because tests that record nothing need no database. */
async function startRecording(context: CliContext, settings: Settings, log: Logger): Promise<Recording> {
  const { openRecording } = await import("#app/recording");
  return openRecording(settings, log).catch((error: unknown) => {
    throw asBackupError(error, settings, context.cwd);
  });
}

async function write(cwd: string, { loaded, expectations, tapes }: RanFile, record: boolean): Promise<void> {
  const { path, text, file, cassette } = loaded;
  if (expectations.size > 0) await writeFile(resolve(cwd, path), rewriteExpectations(text, path.endsWith(".json"), file, expectations));
  if (!record) return;
  const names = file.cases.map(({ name }) => name);
  const anew = recordedAnew(cassette, names, tapes, new Date().toISOString());
  const place = resolve(cwd, cassettePath(path));
  if (anew) await writeFile(place, `${JSON.stringify(anew, null, 2)}\n`);
  else await rm(place, { force: true });
}

const REPORTERS: { readonly [name: string]: (report: TestReport) => string } = {
  tap: tapReport,
  junit: junitReport,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

/** A reporter's document is the result, whatever it says; without one, a failure is an error like any other, and stdout stays empty. */
async function tell({ output, environment }: CliContext, reporter: string | undefined, report: TestReport): Promise<void> {
  // It goes to stderr where a case failed, and else to stdout, which may be somebody's file.
  const isPainted = report.failed > 0 || wantsColor(process.stdout, environment, true);
  const human = humanReport(report, (text, color) => (isPainted ? output.paint(text, color) : text));
  const written = reporter === undefined ? undefined : REPORTERS[reporter]?.(report);
  if (written !== undefined) output.raw(written);
  const cases = report.files.flatMap(({ file, cases: own }) => own.map((each) => ({ file, ...each })));
  if (report.failed > 0) throw failed(report, written === undefined ? human : null);
  if (written !== undefined) return;
  const rows = cases.map(({ file, name, status, durationMs }) => ({ file, name, status, durationMs }));
  await output.data(report, { rows, names: cases.map(({ name }) => name), table: human });
}

function failed({ files, failed: count, passed }: TestReport, human: string | null): CliError {
  const errors = files.flatMap(({ file, cases }) => cases.filter(({ status }) => status === "failed").map((each) => ({ file, ...each })));
  const message = `${count} of ${count + passed} ${count + passed === 1 ? "case" : "cases"} failed`;
  return new CliError("test_failed", message, EXIT.no, { errors, ...(human !== null && { report: [human.trimEnd()] }) });
}
