import { createHash } from "node:crypto";
import type { JsonObject, Mock, Mocks, TestCase } from "@millrace/contract";
import { checkDecision } from "#approvals/check-answer";
import { secretMembers } from "#cases/asked";
import type { MemoryRuns } from "#cases/memory-runs";
import { mockedNodes } from "#cases/mocks";
import { type Observed, observe } from "#cases/observed";
import type { Scene, Stage } from "#cases/stage";
import type { VirtualClock } from "#cases/virtual-clock";
import { RequestError } from "#request-error";
import type { Runtime } from "#runtime/runtime";
import { type ApprovalRow, readApprovalId } from "#store/approval-store";
import type { RunnableVersion } from "#workflows/compile-version";

export const CASE_TENANT = "default";

/** A case's run is always the same one, so that what follows from its id does too. */
const RUN_ID = "01941f29-7c00-7000-8000-000000000000";

/** When a case begins that does not say it. */
export const DEFAULT_NOW = "2025-01-01T00:00:00Z";

/** Of a file, checked and compiled. */
export interface ProjectWorkflow {
  /** 24 hex characters. */
  readonly id: string;
  readonly name: string;
  readonly document: JsonObject;
  readonly compiled: RunnableVersion;
}

/** What drives the runs of one case. */
export interface CaseParts {
  readonly runtime: Pick<Runtime, "start" | "answer" | "cancel" | "drain">;
  readonly runs: MemoryRuns;
  readonly clock: VirtualClock;
  readonly stage: Stage;
}

/** Runs the case to its end. @throws InvalidInput */
export async function playCase(parts: CaseParts, workflow: ProjectWorkflow, testCase: TestCase): Promise<Observed> {
  const { runtime, runs, clock, stage } = parts;
  const { id, name, compiled } = workflow;
  const input = (testCase.input ?? {}) as JsonObject;
  const checked = compiled.checkInput(input);
  if (!checked.ok) throw new InvalidInput(checked.faults[0]?.message ?? "");
  stage.open(RUN_ID, sceneOf(workflow, testCase.mocks, ""));
  const identity = { id: RUN_ID, workflowId: id, workflowName: name, version: "test", keyId: null, origin: null };
  await runtime.start({
    tenantId: CASE_TENANT,
    run: { ...identity, userId: testCase.userId ?? null, acceptedAt: clock.now() },
    version: compiled,
    input,
    startValues: checked.values,
  });
  await drive(parts);
  await runtime.drain();
  return observe(runs.entriesOf(RUN_ID));
}

/** The input is none that Start takes: a server answers 400, and there is no run. */
export class InvalidInput extends Error {}

/** The only source of chance of a case. */
export function seedOf(caseName: string): string {
  return createHash("sha256").update(caseName).digest("hex").slice(0, 32);
}

async function drive(parts: CaseParts): Promise<void> {
  const { runtime, runs, clock, stage } = parts;
  const asked = new Set<string>();
  const hasEnded = () => runs.entriesOf(RUN_ID).at(-1)?.type === "run-finished";
  for (;;) {
    await clock.rest();
    if (hasEnded()) return;
    if (stage.unmocked.length > 0) await runtime.cancel(CASE_TENANT, RUN_ID);
    else if (!askPeople(parts, asked) && !(await clock.leap())) stuck(parts);
  }
}

/** Has what people are asked since the last time answered by those who are mocked. True: somebody was asked. */
function askPeople({ runtime, runs, clock, stage }: CaseParts, asked: Set<string>): boolean {
  const fresh = runs.openApprovals.filter(({ id }) => !asked.has(id));
  for (const row of fresh) {
    asked.add(row.id);
    const mock = stage.mock(row);
    const decision = mock && decisionOf(mock);
    if (decision) clock.at(clock.now() + (mock?.afterMs ?? 0), () => void decide(runtime, stage, row, decision));
    else if (mock?.timeout !== true) stage.refuse(row, `a decision: give its mock approve, reject, decide or timeout`);
  }
  return fresh.length > 0;
}

interface MockedDecision {
  readonly action: string;
  readonly form?: JsonObject;
  readonly comment?: string;
  readonly by?: string;
}

function decisionOf({ approve, reject, decide }: Mock): MockedDecision | null {
  if (decide) return { ...decide } as MockedDecision;
  const [action, given] = approve === undefined ? (["reject", reject] as const) : (["approve", approve] as const);
  if (given === undefined) return null;
  return given === true ? { action } : ({ action, ...given } as MockedDecision);
}

/** As many people as the action needs, each with the same answer. */
async function decide(
  runtime: CaseParts["runtime"],
  stage: Stage,
  row: ApprovalRow,
  { by = "tester", ...given }: MockedDecision,
): Promise<void> {
  const { runId, seq } = readApprovalId(row.id) ?? { runId: row.runId, seq: -1 };
  try {
    const decision = checkDecision(row.about, given, "en");
    const needed = row.about.actions.find(({ name }) => name === decision.action)?.needed ?? 1;
    for (let nth = 1; nth <= needed; nth++) {
      const person = nth === 1 ? by : `${by} ${nth}`;
      await runtime.answer(CASE_TENANT, runId, seq, { person: person.toLowerCase(), by: person, ...decision });
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    stage.refuse(row, `a decision that fits: ${error.message}`);
  }
}

/** Nothing will ever happen any more. */
function stuck({ runs, stage }: CaseParts): void {
  const waiting = runs.openApprovals[0];
  if (waiting) stage.refuse(waiting, "a decision, and its mock says that nobody takes one");
  else stage.refuse({ runId: RUN_ID, path: waitingPath(runs) }, "a signal: mock the node's output");
}

function waitingPath(runs: MemoryRuns): string {
  const entries = runs.entriesOf(RUN_ID);
  const done = new Set(entries.flatMap((entry) => (entry.type === "node-finished" ? [entry.path] : [])));
  const awaited = entries.flatMap((entry) => (entry.type === "signal-awaited" && !done.has(entry.path) ? [entry.path] : []));
  return awaited.at(-1) ?? "";
}

/** For a run that a node calls: its mocks are those that the node's mock has for it. */
export function openCalled(
  stage: Stage,
  caller: { readonly runId: string; readonly path: string },
  runId: string,
  workflow: ProjectWorkflow,
): void {
  stage.open(runId, sceneOf(workflow, stage.mock(caller)?.mocks, `${stage.nameOf(caller)} > `));
}

function sceneOf({ compiled, document }: ProjectWorkflow, mocks: Mocks = {}, trail: string): Scene {
  const { root } = compiled.plan;
  return { mocks: mockedNodes(root, mocks), secrets: secretMembers(root, document), trail };
}
