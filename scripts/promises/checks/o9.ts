import type { Socket } from "node:net";
import { type LoadResult, load, postRequest } from "../../bench/load.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { INVOKE } from "../harness/runs.ts";
import { openSocket, write } from "../harness/socket.ts";
import { until } from "../harness/until.ts";

/** The others: what they wait for is measured. */
const OTHERS = 4;
const ROUND_MS = 1_000;
const ROUNDS = 5;

/** p99 beside slow clients to p99 without, each the best of its rounds: a busy machine only ever adds. */
const LIMIT_RATIO = 1.5;

/** Every so often, the next few of the slow clients send their next byte: never all at once, which would be a load of another kind. */
const DRIP_MS = 10;
const DRIP_CLIENTS = 10;

/** Clients that do not read a large answer; a few are enough, since each holds megabytes on both sides. */
const UNREAD = 4;

/** An answer that does not fit into the buffers of a connection: who does not read it holds it up. */
const LARGE = "x".repeat(4_000_000);

/** The server's limit for a whole request, and how late it may notice. */
const CUT_OFF_MS = 120_000;

export const o9: Check = {
  id: "O9",
  property: "Slow, idle and half-open clients delay nobody else: the others' p99 stays within half as much again",
  timed: true,
  run: (effort) => withMillrace({}, (server) => check(server, effort)),
};

async function check(server: Millrace, { long }: Effort) {
  const { key } = await server.publish(echo("others"));
  const answers = new Tally();
  const request = postRequest(INVOKE, '{"input":{"value":1}}', { Authorization: `Bearer ${key}` });
  const round = async (): Promise<number> => {
    const result = await load({ port: server.port, connections: OTHERS, durationMs: ROUND_MS, request });
    countAnswers(result, answers);
    return result.p99;
  };
  // Once for nothing: code is compiled, caches are filled.
  await round();
  const each = long ? 500 : 125;
  const alone: number[] = [];
  const beside: number[] = [];
  let clients = 0;
  for (let n = 0; n < ROUNDS; n++) {
    alone.push(await round());
    const slow = await SlowClients.open(server.port, key, each);
    clients = slow.count;
    // The large answers are made first: once for nothing again.
    await round();
    beside.push(await round());
    if (long && n === ROUNDS - 1) await until("slow requests to be cut off", () => slow.unfinishedOpen === 0, CUT_OFF_MS);
    slow.close();
  }
  const ratio = Math.min(...beside) / Math.min(...alone);
  return {
    counts: [
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : 1, of: ROUNDS, tried: "rounds" },
      answers.count("refused", "calls of the others"),
    ],
    facts: { "p99 ratio": ratio.toFixed(2), "slow clients": clients },
    failures: answers.failures,
  };
}

function countAnswers({ answers, failures, lastBody }: LoadResult, tally: Tally): void {
  for (let n = 0; n < answers; n++) tally.add(n < failures ? lastBody : null);
}

/** Clients that begin and do not go on: heads and bodies a byte at a time, answers that nobody reads, connections that say nothing. */
class SlowClients {
  readonly #sockets: readonly Socket[];
  readonly #unfinished: readonly Socket[];
  readonly #dripping: NodeJS.Timeout;

  private constructor(sockets: readonly Socket[], unfinished: readonly Socket[]) {
    this.#sockets = sockets;
    this.#unfinished = unfinished;
    let next = 0;
    this.#dripping = setInterval(() => {
      for (let n = 0; n < DRIP_CLIENTS; n++) {
        const socket = unfinished[next++ % unfinished.length];
        if (socket?.writable) socket.write("a");
      }
    }, DRIP_MS);
  }

  static async open(port: number, key: string, each: number): Promise<SlowClients> {
    const head = `POST ${INVOKE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n`;
    const begun = (bytes: string) => Promise.all(Array.from({ length: each }, () => openWith(port, bytes)));
    const heads = await begun(`${head}X-Slow: `);
    const bodies = await begun(`${head}Content-Length: 100000\r\n\r\n{"input":{"value":"`);
    const idle = await begun("");
    const body = `{"input":{"value":"${LARGE}"}}`;
    const large = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
    const unread = await Promise.all(Array.from({ length: UNREAD }, () => openWith(port, large)));
    return new SlowClients([...heads, ...bodies, ...idle, ...unread], [...heads, ...bodies]);
  }

  get count(): number {
    return this.#sockets.length;
  }

  get unfinishedOpen(): number {
    return this.#unfinished.filter(({ destroyed }) => !destroyed).length;
  }

  close(): void {
    clearInterval(this.#dripping);
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Whatever comes back is left unread. */
async function openWith(port: number, bytes: string): Promise<Socket> {
  const socket = await openSocket(port);
  socket.pause();
  if (bytes !== "") await write(socket, bytes);
  return socket;
}
