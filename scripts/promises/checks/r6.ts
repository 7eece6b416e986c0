import type { JsonObject } from "@millrace/contract";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, echo } from "../harness/documents.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, INVOKE, invoke, query, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { openSocket, reset, write } from "../harness/socket.ts";
import { until } from "../harness/until.ts";

const AT_ONCE = 4;

/** Calls that are held at the same time. */
const HELD = 40;

/** One call of a client that goes away: its user, its Idempotency-Key and its body, all its own. */
interface Caller {
  readonly name: string;
  readonly body: { readonly input: JsonObject; readonly userId: string };
  readonly request: Buffer;
}

interface Tallies {
  readonly stuck: Tally;
  readonly seconds: Tally;
  readonly answers: Tally;
  ok: number;
}

export const r6: Check = {
  id: "R6",
  property: "A client that goes away leaves no run stuck, and repeating its call under the same Idempotency-Key makes no second run",
  run: async (effort) => {
    const tallies: Tallies = { stuck: new Tally(), seconds: new Tally(), answers: new Tally(), ok: 0 };
    const receiver = await startReceiver();
    await withMillrace({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }, async (server) => {
      await resetsWhileSending(server, effort, tallies);
      await resetsWhileReading(server, effort, tallies);
      await resetsWhileHeld(server, effort, receiver, tallies);
    });
    await receiver.close();
    const { stuck, seconds, answers, ok } = tallies;
    return {
      counts: [
        stuck.count("runs stuck", "disconnects"),
        seconds.count("second runs", "repeated calls"),
        answers.count("answers unlike the later query", "repeated calls"),
      ],
      operations: { ok, failed: answers.tried - ok, unknown: 0 },
      failures: [...stuck.failures, ...seconds.failures, ...answers.failures],
    };
  },
};

function caller(key: string, name: string): Caller {
  const body = { input: { value: name, n: 1 }, userId: name };
  const text = JSON.stringify(body);
  const head = [
    `POST ${INVOKE} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${key}`,
    `Idempotency-Key: ${name}`,
    `Content-Length: ${text.length}`,
  ];
  return { name, body, request: Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`) };
}

/** After every byte of the request, the last one included. */
async function resetsWhileSending(server: Millrace, { long }: Effort, tallies: Tallies): Promise<void> {
  const { key } = await server.publish(echo("sending"));
  const length = caller(key, "sending-0-000").request.length;
  const offsets = Array.from({ length: (length + 1) * (long ? 20 : 1) }, (_, n) => n);
  await eachAtOnce(offsets, AT_ONCE, async (n) => {
    const one = caller(key, `sending-${Math.floor(n / (length + 1))}-${String(n % (length + 1)).padStart(3, "0")}`);
    const socket = await openSocket(server.port);
    await write(socket, one.request.subarray(0, n % (length + 1)));
    await reset(socket);
    await repeat(server, key, one, tallies);
  });
}

/** The answer breaks off after its n-th byte: sent whole, read in part. */
async function resetsWhileReading(server: Millrace, { long }: Effort, tallies: Tallies): Promise<void> {
  const { key } = await server.publish(echo("reading"));
  await eachAtOnce(
    Array.from({ length: long ? 2_000 : 40 }, (_, n) => n),
    AT_ONCE,
    async (n) => {
      const one = caller(key, `reading-${n}`);
      const socket = await openSocket(server.port);
      await write(socket, one.request);
      await new Promise<void>((resolve) => socket.once("readable", resolve));
      socket.read(1 + (n % 20));
      await reset(socket);
      await repeat(server, key, one, tallies);
    },
  );
}

/** The call is held while its run waits for another system. */
async function resetsWhileHeld(server: Millrace, { long }: Effort, receiver: Receiver, tallies: Tallies): Promise<void> {
  const { key } = await server.publish(calling("held", receiver.port));
  const callers = Array.from({ length: long ? 500 : HELD }, (_, n) => caller(key, `held-${n}`));
  for (let n = 0; n < callers.length; n += HELD) await resetAll(server, key, callers.slice(n, n + HELD), receiver, tallies);
}

async function resetAll(server: Millrace, key: string, callers: readonly Caller[], receiver: Receiver, tallies: Tallies): Promise<void> {
  receiver.hold();
  const sockets = await Promise.all(callers.map(() => openSocket(server.port)));
  await Promise.all(callers.map((one, n) => write(sockets[n] as Awaited<ReturnType<typeof openSocket>>, one.request)));
  await until("every run to call the receiver", () => receiver.held === callers.length);
  await Promise.all(sockets.map(reset));
  const repeated = Promise.all(callers.map((one) => repeat(server, key, one, tallies)));
  receiver.release();
  await repeated;
}

/** The client comes back with the same call: it gets its run, whether the first one had made it or not. */
async function repeat(server: Millrace, key: string, { name, body }: Caller, tallies: Tallies): Promise<void> {
  const answer = await invoke(server, key, body, { "Idempotency-Key": name });
  if (answer.status === 200) tallies.ok += 1;
  const ended = await terminalAnswer(server, key, runIdOf(answer));
  tallies.stuck.add(ended.json["status"] === "SUCCEED" ? null : `${name}: ${ended.text}`);
  const { data } = await server.manage("GET", `/api/v1/runs?user=${name}`);
  const runs = (data as unknown[]).length;
  tallies.seconds.add(runs === 1 ? null : `${name}: ${runs} runs`);
  const later = await query(server, key, runIdOf(answer));
  tallies.answers.add(answer.text === later.text ? null : `${name}: ${answer.text} and later ${later.text}`);
}
