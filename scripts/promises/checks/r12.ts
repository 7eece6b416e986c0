import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, document, echo, start } from "../harness/documents.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

/** Workflows whose callers wait for nobody but the server. */
const OTHERS = 20;
const ROUNDS = 5;

/** p99 of the others beside those that hang to p99 without, each the best of its rounds: a busy machine only ever adds. */
const LIMIT_RATIO = 1.2;

/** Runs that hang, of each kind: far fewer than there are places, and far more than there are cores. */
const HANGING = 8;

/** One endless loop has a whole core: the others ask for less than another one, so that what is measured is waiting. */
const CLIENTS = 4;
const PAUSE_MS = 15;

export const r12: Check = {
  id: "R12",
  property:
    "A target that never answers, code that never ends and a webhook's receiver that hangs delay nobody else: p99 within a fifth more",
  timed: true,
  run: async (effort) => {
    const hole = await startReceiver();
    try {
      return await withMillrace({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${hole.port}` }, (server) => check(server, hole, effort));
    } finally {
      await hole.close();
    }
  },
};

/** Ends at the limit of its node, and not before. */
function endless(name: string): JsonObject {
  const code = { id: "loop", type: "code", timeoutMs: 60_000, code: "for (;;) {}" };
  return document(name, [start({}), code, { id: "end", type: "end", output: {} }], ["start -> loop", "loop -> end"]);
}

async function check(server: Millrace, hole: Receiver, { long }: Effort) {
  const others = await Promise.all(Array.from({ length: OTHERS }, (_, n) => server.publish(echo(`other${n}`))));
  const answers = new Tally();
  const calls = long ? 6_000 : 400;
  const round = async (): Promise<number> => {
    const times: number[] = [];
    await eachAtOnce(Array.from({ length: calls }), CLIENTS, async (_, n) => {
      const began = performance.now();
      const answer = await invoke(server, others[n % OTHERS]?.key ?? "", { input: { value: n } });
      times.push(performance.now() - began);
      answers.add(answer.json["status"] === "SUCCEED" ? null : answer.text);
      await pause(PAUSE_MS);
    });
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  };
  // Once for nothing: code is compiled, caches are filled.
  await round();
  const alone = await rounds(round);
  const hanging = await hang(server, hole, others[0]?.key ?? "");
  const beside = await rounds(round);
  const ratio = beside / alone;
  return {
    counts: [
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : 1, of: ROUNDS, tried: "rounds" },
      answers.count("refused", "calls of the others"),
      hanging,
    ],
    facts: { "p99 alone ms": alone.toFixed(1), "p99 beside ms": beside.toFixed(1), ratio: ratio.toFixed(2), "calls held": hole.held },
    failures: answers.failures,
  };
}

async function rounds(round: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < ROUNDS; n++) all.push(await round());
  return Math.min(...all);
}

/** Begins what hangs until the end of the check, and makes sure that it does. */
async function hang(server: Millrace, hole: Receiver, webhookKey: string) {
  const asking = await server.publish(calling("asking", hole.port));
  const looping = await server.publish(endless("looping"));
  const started = new Tally();
  const begin = async (key: string, body: object): Promise<void> => {
    const answer = await invoke(server, key, body);
    started.add(answer.status === 200 ? null : answer.text);
  };
  const webhook = [{ method: "POST", url: `http://127.0.0.1:${hole.port}/hook` }];
  for (let n = 0; n < HANGING; n++) {
    await begin(asking.key, { input: { n }, isAsync: true });
    await begin(webhookKey, { input: { value: n }, isAsync: true, webhook });
  }
  await begin(looping.key, { input: {}, isAsync: true });
  await until("calls that hang", () => hole.held >= 2 * HANGING);
  return started.count("not begun", "runs that hang");
}
