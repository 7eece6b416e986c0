import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, document, echo, start } from "../harness/documents.ts";
import { inPairs, middlePair, p99 } from "../harness/in-pairs.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

/** Workflows whose callers wait for nobody but the server. */
const OTHERS = 20;

/** Each is a round without those that hang and a round with them; the one in the middle is judged. On a quiet machine the first few decide. */
const MOST_PAIRS = 15;

/** p99 of the others beside those that hang to p99 without. */
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
  const calls = long ? 3_000 : 300;
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    await eachAtOnce(Array.from({ length: calls }), CLIENTS, async (_, n) => {
      const began = performance.now();
      const answer = await invoke(server, others[n % OTHERS]?.key ?? "", { input: { value: n } });
      times.push(performance.now() - began);
      answers.add(answer.json["status"] === "SUCCEED" ? null : answer.text);
      await pause(PAUSE_MS);
    });
    return p99(times);
  };
  const hanging = await Hanging.prepare(server, hole, others[0]?.key ?? "");
  const disturb = () => hanging.begin();
  const pairs = await inPairs({ pairs: MOST_PAIRS, limit: LIMIT_RATIO, measure, disturb });
  const { alone, beside, ratio } = middlePair(pairs);
  return {
    counts: [
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : pairs.length, of: pairs.length, tried: "pairs of rounds" },
      answers.count("refused", "calls of the others"),
      hanging.started.count("not begun", "runs that hang"),
    ],
    facts: { "p99 alone ms": alone.toFixed(1), "p99 beside ms": beside.toFixed(1), ratio: ratio.toFixed(2), "calls held": hanging.held },
    failures: [...answers.failures, ...hanging.started.failures],
  };
}

interface Keys {
  readonly asking: string;
  readonly looping: string;
  readonly webhook: string;
}

/** Runs that hang, begun and ended again and again. */
class Hanging {
  readonly started = new Tally();
  /** Most that hung at once. */
  held = 0;
  readonly #server: Millrace;
  readonly #hole: Receiver;
  readonly #keys: Keys;

  private constructor(server: Millrace, hole: Receiver, keys: Keys) {
    this.#server = server;
    this.#hole = hole;
    this.#keys = keys;
  }

  static async prepare(server: Millrace, hole: Receiver, webhook: string): Promise<Hanging> {
    const asking = await server.publish(calling("asking", hole.port));
    const looping = await server.publish(endless("looping"));
    return new Hanging(server, hole, { asking: asking.key, looping: looping.key, webhook });
  }

  /** Begins what hangs, and makes sure that it does; resolves to the way to end it. */
  async begin(): Promise<() => Promise<void>> {
    this.#hole.hold();
    const webhook = [{ method: "POST", url: `http://127.0.0.1:${this.#hole.port}/hook` }];
    for (let n = 0; n < HANGING; n++) {
      await this.#start(this.#keys.asking, { input: { n }, isAsync: true });
      await this.#start(this.#keys.webhook, { input: { value: n }, isAsync: true, webhook });
    }
    const loop = await this.#start(this.#keys.looping, { input: {}, isAsync: true });
    await until("calls that hang", () => this.#hole.held >= 2 * HANGING);
    this.held = Math.max(this.held, this.#hole.held);
    return () => this.#end(loop);
  }

  async #start(key: string, body: object): Promise<string> {
    const answer = await invoke(this.#server, key, body);
    this.started.add(answer.status === 200 ? null : answer.text);
    return runIdOf(answer);
  }

  async #end(loop: string): Promise<void> {
    this.#hole.release();
    await this.#server.manage("POST", `/api/v1/runs/${loop}/cancel`, {});
    await terminalAnswer(this.#server, this.#keys.looping, loop);
  }
}
