import { spawn } from "node:child_process";
import { once } from "node:events";
import { getPriority, setPriority } from "node:os";
import type { JsonObject } from "@millrace/contract";
import { load, postRequest } from "../../bench/load.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, document, echo, start } from "../harness/documents.ts";
import { inPairs, middlePair } from "../harness/in-pairs.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { INVOKE, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

/** Workflows whose callers wait for nobody but the server. */
const OTHERS = 20;

/** Each is a round without those that hang and a round with them; the one in the middle is judged. On a quiet machine the first few decide. */
const MOST_PAIRS = 7;

/** p99 of the others beside those that hang to p99 without. */
const LIMIT_RATIO = 1.2;

/** Runs that hang, of each kind: far fewer than there are places, and far more than there are cores. */
const HANGING = 8;

/**
 * Of a round, in which one caller asks the others in turn, without a pause. The loop has a whole core and this is less than another one, so
 * that what is measured is waiting; with pauses it would be how long a machine that rests takes to wake up. Long
 * enough that the slowest hundredth is not all of it calls of the moment in which the loop begins and a process is started in its place.
 */
const ROUND_MS = { change: 10_000, long: 30_000 };

/** Pairs with a loop that is none of the server's: what a core less costs the others, whoever has it. For the reader, not for the verdict. */
const OUTSIDE_PAIRS = 1;

/** As the server's own code that has looped for a while. */
const YIELDED = 19;

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
  const request = others.map(({ key }) => postRequest(INVOKE, '{"input":{"value":1}}', { Authorization: `Bearer ${key}` }));
  const answers = new Tally();
  const durationMs = long ? ROUND_MS.long : ROUND_MS.change;
  const measure = async (): Promise<number> => {
    const round = await load({ port: server.port, connections: 1, durationMs, request });
    for (let n = 0; n < round.answers; n++) answers.add(n < round.failures ? round.lastBody : null);
    return round.p99;
  };
  const hanging = await Hanging.prepare(server, hole, others[0]?.key ?? "");
  const disturb = () => hanging.begin();
  const pairs = await inPairs({ pairs: MOST_PAIRS, limit: LIMIT_RATIO, measure, disturb });
  const { alone, beside, ratio } = middlePair(pairs);
  const outside = middlePair(await inPairs({ pairs: OUTSIDE_PAIRS, measure, disturb: loopOutside }));
  return {
    counts: [
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : pairs.length, of: pairs.length, tried: "pairs of rounds" },
      answers.count("refused", "calls of the others"),
      hanging.started.count("not begun", "runs that hang"),
    ],
    facts: {
      "p99 alone ms": alone.toFixed(2),
      "p99 beside ms": beside.toFixed(2),
      ratio: ratio.toFixed(2),
      "ratio beside a program outside the server that loops": outside.ratio.toFixed(2),
      "calls held": hanging.held,
    },
    failures: [...answers.failures, ...hanging.started.failures],
  };
}

async function loopOutside(): Promise<() => Promise<void>> {
  const loop = spawn(process.execPath, ["--eval", "for (;;);"], { stdio: "ignore" });
  const ended = once(loop, "exit");
  if (loop.pid !== undefined) setPriority(loop.pid, getPriority() + YIELDED);
  return async () => {
    loop.kill("SIGKILL");
    await ended;
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
