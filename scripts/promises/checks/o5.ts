import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { until } from "../harness/until.ts";

/** Synchronous calls that wait for their run when the signal comes. */
const HELD = 20;
/** Clients that send one call after another until the server is gone. */
const SENDING = 4;
/** Calls that must have been answered before the signal. */
const UNDER_LOAD = 50;

/** What supervisors wait before they kill. */
const LIMIT_MS = 10_000;

interface Tallies {
  readonly exits: Tally;
  readonly held: Tally;
  readonly lost: Tally;
  ok: number;
  failed: number;
  unknown: number;
  slowestMs: number;
}

interface Keys {
  readonly holding: string;
  readonly quick: string;
}

export const o5: Check = {
  id: "O5",
  property:
    "On SIGTERM held calls are answered RUNNING with the id of their run, the server ends within 10 s, and no acknowledged run is lost",
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long }: Effort) {
  const receiver = await startReceiver();
  const settings = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` });
  const tallies: Tallies = { exits: new Tally(), held: new Tally(), lost: new Tally(), ok: 0, failed: 0, unknown: 0, slowestMs: 0 };
  let server = await startMillrace(settings);
  const { key: holding } = await server.publish(calling("holding", receiver.port));
  const { key: quick } = await server.publish(echo("quick"));
  for (let restart = 0; restart < (long ? 100 : 3); restart++) {
    receiver.hold();
    const acknowledged = await endUnderLoad(server, { holding, quick }, receiver, tallies);
    server = await startMillrace(settings);
    receiver.release();
    for (const { id, key } of acknowledged) {
      const ended = await terminalAnswer(server, key, id);
      tallies.lost.add(ended.json["status"] === "SUCCEED" ? null : `${id}: ${ended.status} ${ended.text}`);
    }
  }
  await server.end("SIGTERM");
  await receiver.close();
  const { exits, held, lost, ok, failed, unknown, slowestMs } = tallies;
  return {
    counts: [
      exits.count("late or unclean exits", "restarts"),
      held.count("without RUNNING and an id", "held calls"),
      lost.count("lost", "acknowledged runs"),
    ],
    facts: { "slowest exit, ms": Math.round(slowestMs) },
    operations: { ok, failed, unknown },
    failures: [...exits.failures, ...held.failures, ...lost.failures],
  };
}

/** Calls held and calls coming, then SIGTERM. Answers the runs that were acknowledged. */
async function endUnderLoad(server: Millrace, keys: Keys, receiver: Receiver, tallies: Tallies) {
  const runs: { id: string; key: string }[] = [];
  const held = Array.from({ length: HELD }, (_, n) => invoke(server, keys.holding, { input: { n } }).catch(() => null));
  await until("the held runs to call the receiver", () => receiver.held === HELD);
  let answered = 0;
  const sending = Array.from({ length: SENDING }, async () => {
    for (;;) {
      const answer = await invoke(server, keys.quick, { input: { value: 1 } }).catch(() => null);
      count(answer, tallies);
      if (answer?.status !== 200) return;
      answered += 1;
      runs.push({ id: runIdOf(answer), key: keys.quick });
    }
  });
  await until("the load", () => answered >= UNDER_LOAD);
  const { code, afterMs } = await server.end("SIGTERM");
  tallies.exits.add(code === 0 && afterMs <= LIMIT_MS ? null : `exit ${code} after ${Math.round(afterMs)} ms`);
  tallies.slowestMs = Math.max(tallies.slowestMs, afterMs);
  await Promise.all(sending);
  for (const answer of await Promise.all(held)) {
    tallies.held.add(
      answer?.json["status"] === "RUNNING" && runIdOf(answer) !== "" ? null : `${answer?.status ?? "no answer"} ${answer?.text}`,
    );
    if (answer) runs.push({ id: runIdOf(answer), key: keys.holding });
  }
  return runs;
}

function count(answer: Answer | null, tallies: Tallies): void {
  if (answer === null) tallies.unknown += 1;
  else if (answer.status === 200) tallies.ok += 1;
  else tallies.failed += 1;
}
