import type { JsonObject } from "@millrace/contract";
import { startEffectServer } from "../../crash/effect-server.ts";
import { type Check, type Effort, type Outcome, Tally, together } from "../frame/check.ts";
import { calling } from "../harness/documents.ts";
import { closedAfter, startEndlessModel } from "../harness/endless-model.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { SERVER } from "../harness/server-process.ts";
import { simulateWorlds } from "../harness/simulation-figure.ts";
import { until } from "../harness/until.ts";

const CALLS = 4;
const EFFECT_MS = 5;
const AT_ONCE = 8;

interface Tallies {
  readonly after: Tally;
  readonly endings: Tally;
  readonly answers: Tally;
  /** Cancelled; and those that had ended before. */
  ok: number;
  failed: number;
}

/** An entry of a journal, as the API shows it. */
interface Entry {
  readonly type: string;
}

/** The connection of a model that is writing is closed by then. */
const CLOSED_MS = 1_000;

export const r14: Check = {
  id: "R14",
  property:
    "Once a cancel is acknowledged no attempt begins any more, a model that is writing is hung up on within a second, and the run ends FAILED as cancelled, once",
  run: async (effort) => together(await effects(effort), await models(effort), await worlds(effort)),
};

async function effects({ long }: Effort): Promise<Outcome> {
  const receiver = await startEffectServer(EFFECT_MS);
  const tallies: Tallies = { after: new Tally(), endings: new Tally(), answers: new Tally(), ok: 0, failed: 0 };
  await withMillrace({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }, async (server) => {
    const { key } = await server.publish(calling("cancelled", receiver.port, CALLS));
    const runs = Array.from({ length: long ? 2_000 : 200 }, (_, n) => n);
    await eachAtOnce(runs, AT_ONCE, (n) => cancelOne(server, key, n, receiver.effects, tallies));
  });
  await receiver.close();
  const { after, endings, answers, ok, failed } = tallies;
  return {
    counts: [
      after.count("with an attempt after the acknowledgement", "cancelled runs"),
      endings.count("with another number of ends than one", "runs"),
      answers.count("with another end than the one answered", "cancels"),
    ],
    operations: { ok, failed, unknown: 0 },
    failures: [...after.failures, ...endings.failures, ...answers.failures],
  };
}

/** Not those of R10. */
const SEED_OFFSET = 4_000_000;

/** At any moment of a run, and of the process that drives it. */
async function worlds({ long, seed }: Effort): Promise<Outcome> {
  const { seeds, failed, first, cancelled } = await simulateWorlds(SERVER, seed + SEED_OFFSET, long ? 20_000 : 800);
  return {
    counts: [{ what: "with an effect after the cancel, or another end", failed, of: seeds, tried: "simulated worlds" }],
    facts: { "runs cancelled in them": cancelled },
    ...(first !== null && { failures: [first] }),
  };
}

/** Runs that wait for a model that never stops writing: whole answers are awaited, and pieces where somebody follows the run. */
async function models({ long }: Effort): Promise<Outcome> {
  const model = await startEndlessModel();
  const open = new Tally();
  let slowest = 0;
  await withMillrace({ MILLRACE_EGRESS_ALLOW: new URL(model.origin).host }, async (server) => {
    const connection = {
      provider: "openai-compatible",
      baseUrl: `${model.origin}/v1`,
      credential: { type: "bearer", value: "sk-endless" },
    };
    await server.manage("PUT", "/api/v1/connections/endless", connection);
    const { key } = await server.publish(asking("endless/m"));
    await eachAtOnce(
      Array.from({ length: long ? 500 : 50 }, (_, n) => n),
      AT_ONCE,
      async (n) => {
        const runId = runIdOf(await invoke(server, key, { input: { n }, isAsync: true }));
        const following = n % 2 === 0 ? server.call("GET", `/v1/workflow/run/${runId}/events`, { key }) : null;
        const answer = await model.answering(`n${n}`);
        const cancelled = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
        const ms = await closedAfter(answer, CLOSED_MS);
        slowest = Math.max(slowest, ms ?? CLOSED_MS);
        open.add(cancelled.status === 200 && ms !== null ? null : `${runId}: ${cancelled.status} ${cancelled.text}`);
        await following;
      },
    );
  });
  await model.close();
  return {
    counts: [open.count("that a model still writes to a second later", "cancelled runs")],
    facts: { "slowest hang-up, ms": Math.round(slowest) },
    failures: open.failures,
  };
}

function asking(model: string): JsonObject {
  const nodes = [
    { id: "start", type: "start", input: { type: "object", properties: { n: { type: "integer" } } } },
    { id: "ask", type: "llm", model, prompt: "STEP n{{ start.n }}" },
    { id: "end", type: "end", output: { text: "{{ ask.text }}" } },
  ];
  return { format: "millrace/1", name: "asking", nodes, edges: ["start -> ask", "ask -> end"] };
}

/** Cancelled at once, or after one of its effects: the last of them races with the end of the run. */
async function cancelOne(server: Millrace, key: string, n: number, effects: ReadonlyMap<string, number>, tallies: Tallies): Promise<void> {
  const runId = runIdOf(await invoke(server, key, { input: { n }, isAsync: true }));
  const step = n % (CALLS + 1);
  if (step > 0) await until(`effect ${step} of ${runId}`, () => effects.has(`${runId}:call${step - 1}`));
  const answer = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
  const cancelled = answer.status === 200;
  tallies[cancelled ? "ok" : "failed"] += 1;
  const ended = await terminalAnswer(server, key, runId);
  const { type } = (ended.json["error"] ?? {}) as { readonly type?: string };
  const kept = cancelled ? ended.text === answer.text && type === "cancelled" : answer.status === 409 && ended.json["status"] === "SUCCEED";
  tallies.answers.add(kept ? null : `${runId}: ${answer.status} ${answer.text}, then ${ended.text}`);
  const { data } = await server.manage("GET", `/api/v1/runs/${runId}/journal?limit=100`);
  const types = (data as unknown as Entry[]).map((entry) => entry.type);
  const ends = types.filter((one) => one === "run-finished").length;
  tallies.endings.add(ends === 1 ? null : `${runId}: ${types.join(" ")}`);
  if (!cancelled) return;
  const at = types.indexOf("run-cancelled");
  tallies.after.add(at >= 0 && !types.slice(at).includes("node-started") ? null : `${runId}: ${types.join(" ")}`);
}
