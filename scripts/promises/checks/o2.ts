import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { document } from "../harness/documents.ts";
import { inPairs, middlePair, p99 } from "../harness/in-pairs.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";

const LIGHT = 20;

/** Every call of every run is answered after this: what is measured is the wait for a place. */
const ANSWER_MS = 50;

/** Places for attempts; the greedy workflow asks for many times as many. */
const PLACES = 16;
const GREEDY_RUNS = 10;
const GREEDY_NODES = 100;

/** Each is a round without the greedy one and a round with it; the one in the middle is judged. On a quiet machine the first few decide. */
const MOST_PAIRS = 9;

/** p99 of the light ones beside the greedy one to alone. */
const LIMIT_RATIO = 1.5;

export const o2: Check = {
  id: "O2",
  property: "A workflow that asks for far more than there is does not make the others wait: p99 within half as much again",
  timed: true,
  run: async (effort) => {
    const target = createServer((request, response) => {
      request.resume();
      setTimeout(() => response.end("{}"), ANSWER_MS);
    });
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    const { port } = target.address() as AddressInfo;
    try {
      const environment = {
        MILLRACE_EGRESS_ALLOW: `127.0.0.1:${port}`,
        MILLRACE_MAX_ATTEMPTS: String(PLACES),
        MILLRACE_RUN_CONCURRENCY: "200",
      };
      return await withMillrace(environment, (server) => check(server, port, effort));
    } finally {
      target.closeAllConnections();
      target.close();
    }
  },
};

async function check(server: Millrace, port: number, { long }: Effort) {
  const light = await Promise.all(Array.from({ length: LIGHT }, (_, n) => server.publish(callingBeside(`light${n}`, port, 1))));
  const greedy = await server.publish(callingBeside("greedy", port, GREEDY_NODES));
  const answers = new Tally();
  const rounds = long ? 20 : 5;
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    const calls = Array.from({ length: LIGHT * rounds }, (_, n) => light[n % LIGHT]?.key ?? "");
    await eachAtOnce(calls, 4, async (key) => {
      const began = performance.now();
      const answer = await invoke(server, key, { input: {} });
      times.push(performance.now() - began);
      answers.add(answer.json["status"] === "SUCCEED" ? null : answer.text);
    });
    return p99(times);
  };
  const disturb = async () => {
    let isOver = false;
    const load = Array.from({ length: GREEDY_RUNS }, async () => {
      while (!isOver)
        answers.add((await invoke(server, greedy.key, { input: {} })).json["status"] === "SUCCEED" ? null : "the greedy run failed");
    });
    return async () => {
      isOver = true;
      await Promise.all(load);
    };
  };
  const pairs = await inPairs({ pairs: MOST_PAIRS, limit: LIMIT_RATIO, measure, disturb });
  const { alone, beside, ratio } = middlePair(pairs);
  return {
    counts: [
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : LIGHT, of: LIGHT, tried: "light workflows" },
      answers.count("without a result", "runs"),
    ],
    facts: { pairs: pairs.length, "p99 alone ms": Math.round(alone), "p99 beside ms": Math.round(beside), ratio: ratio.toFixed(2) },
    failures: answers.failures,
  };
}

/** Calls, all at once. */
function callingBeside(name: string, port: number, count: number) {
  const ids = Array.from({ length: count }, (_, n) => `call${n}`);
  const request = { method: "GET", url: `http://127.0.0.1:${port}/` };
  return document(
    name,
    [
      { id: "start", type: "start", input: { type: "object", properties: {} } },
      ...ids.map((id) => ({ id, type: "http", request })),
      { id: "end", type: "end", output: { status: "{{ call0.status }}" } },
    ],
    ids.flatMap((id) => [`start -> ${id}`, `${id} -> end`]),
  );
}
