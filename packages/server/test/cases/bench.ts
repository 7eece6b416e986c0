import type { Difference, JsonObject, TestCase } from "@millrace/contract";
import pino from "pino";
import { CaseBench, type PlayedCase } from "#app/case-bench";
import type { Recorded } from "#cases/cassette";
import { judge } from "#cases/judge";
import type { ProjectWorkflow } from "#cases/play-case";
import { checkTestFile } from "#cases/test-file";
import { checkOptions } from "#cli/check/check-options";
import { loadSettings } from "#config/load-settings";
import { compileVersion } from "#workflows/compile-version";

const OPTIONS = checkOptions("");

function workflowOf(document: JsonObject): ProjectWorkflow {
  const { version: compiled, problems } = compileVersion(document, OPTIONS);
  if (!compiled) throw new Error(JSON.stringify(problems));
  const { name } = compiled.plan;
  return { id: Buffer.from(name.padEnd(12)).toString("hex").slice(0, 24), name, document, compiled };
}

export interface Played extends PlayedCase {
  readonly differences: readonly Difference[];
}

/** Cases of workflows without files: what their test file would be checked for is checked. */
export class Bench {
  readonly #bench: CaseBench;
  readonly #workflows: readonly ProjectWorkflow[];

  private constructor(bench: CaseBench, workflows: readonly ProjectWorkflow[]) {
    this.#bench = bench;
    this.#workflows = workflows;
  }

  static async open(documents: readonly JsonObject[]): Promise<Bench> {
    const workflows = documents.map(workflowOf);
    const { settings } = loadSettings({}, {}, "0.0.0-test");
    return new Bench(await CaseBench.open({ settings, log: pino({ level: "silent" }), workflows, recording: null }), workflows);
  }

  async play(name: string, more: Omit<TestCase, "name">, recorded: Recorded = {}): Promise<Played> {
    const workflow = this.#workflows.find((one) => one.name === name);
    if (!workflow) throw new Error(`no workflow ${name}`);
    const testCase: TestCase = { name: "case", ...more };
    const problems = checkTestFile({ workflow: name, cases: [testCase] }, workflow, this.#workflows);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const played = await this.#bench.play({ workflow, testCase, recorded });
    return { ...played, differences: judge(testCase.expect ?? {}, played.observed) };
  }

  close(): Promise<void> {
    return this.#bench.close();
  }
}
