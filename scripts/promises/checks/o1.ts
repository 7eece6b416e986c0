import { ANSWERING, FORM } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling } from "../harness/documents.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { type Receiver, startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";

/** Runs that a process may have under way. */
const CAPACITY = 20;
const OFFERED = CAPACITY * 10;

/** Of all processes. An engine outside keeps what waits on its own disk, however much that is. */
const MOST_UNDER_WAY = FORM === "restate" ? Number.POSITIVE_INFINITY : CAPACITY * ANSWERING;

/** Share of the waves before memory is looked at: caches fill, code is compiled. */
const WARM_UP = 1 / 3;

/** Memory after the last wave, to memory after the warm-up. */
const FLAT_RATIO = 1.25;

const AT_ONCE = 50;

interface Tallies {
  readonly accepted: Tally;
  readonly bounded: Tally;
  readonly refused: Tally;
  readonly recovered: Tally;
}

export const o1: Check = {
  id: "O1",
  property:
    "Beyond its capacity the server refuses with 503 and Retry-After before it accepts, finishes all that it accepted, and its memory stays flat",
  // The kernel's own account, in /proc.
  needs: "linux",
  run: async ({ long }: Effort) => {
    const tallies: Tallies = { accepted: new Tally(), bounded: new Tally(), refused: new Tally(), recovered: new Tally() };
    const waves = long ? 100 : 12;
    const memory: number[] = [];
    const receiver = await startReceiver();
    const settings = { MILLRACE_MAX_RUNS: `${CAPACITY}`, MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` };
    await withMillrace(settings, async (server) => {
      const { key } = await server.publish(calling("overload", receiver.port));
      for (let wave = 0; wave < waves; wave++) {
        await overload(server, key, receiver, `wave${wave}`, tallies);
        memory.push(server.rssBytes());
      }
    });
    await receiver.close();
    const ratio = (memory.at(-1) ?? Number.NaN) / (memory[Math.floor(waves * WARM_UP)] ?? Number.NaN);
    const { accepted, bounded, refused, recovered } = tallies;
    return {
      counts: [
        accepted.count("not finished", "accepted runs"),
        ...(MOST_UNDER_WAY === Number.POSITIVE_INFINITY ? [] : [bounded.count("accepted beyond the capacity", "runs under way at once")]),
        refused.count("without 503 and Retry-After", "refused calls"),
        recovered.count("refused", "calls after the load"),
        { what: "grown by more than a quarter", failed: ratio <= FLAT_RATIO ? 0 : 1, of: 1, tried: "resident memory" },
      ],
      facts: { offered: OFFERED * waves, "memory at the end to memory warmed up": ratio.toFixed(2) },
      failures: [...accepted.failures, ...bounded.failures, ...refused.failures, ...recovered.failures],
    };
  },
};

/** Ten times the capacity at once, while no run can end; then all of them do. */
async function overload(server: Millrace, key: string, receiver: Receiver, userId: string, tallies: Tallies): Promise<void> {
  receiver.hold();
  const accepted: string[] = [];
  const calls = Array.from({ length: OFFERED }, (_, n) => n);
  await eachAtOnce(calls, AT_ONCE, async (n) => {
    const answer = await invoke(server, key, { input: { n }, userId, isAsync: true });
    if (answer.status === 200) accepted.push(runIdOf(answer));
    else tallies.refused.add(refusalFault(answer));
  });
  receiver.release();
  for (const [n, id] of accepted.entries()) tallies.bounded.add(n < MOST_UNDER_WAY ? null : `${id}: number ${n + 1} of ${MOST_UNDER_WAY}`);
  await eachAtOnce(accepted, AT_ONCE, async (id) => {
    const ended = await terminalAnswer(server, key, id);
    tallies.accepted.add(ended.json["status"] === "SUCCEED" ? null : `${id}: ${ended.status} ${ended.text}`);
  });
  const exist = await runsOf(server, userId);
  tallies.refused.add(exist === accepted.length ? null : `${exist} runs exist of ${accepted.length} accepted`);
  const again = await invoke(server, key, { input: { n: 0 } });
  tallies.recovered.add(again.json["status"] === "SUCCEED" ? null : `${again.status} ${again.text}`);
}

function refusalFault({ status, headers, text }: Answer): string | null {
  return status === 503 && Number(headers["retry-after"]) >= 1 ? null : `${status}, Retry-After ${headers["retry-after"]}: ${text}`;
}

async function runsOf(server: Millrace, userId: string): Promise<number> {
  let count = 0;
  for (let cursor = ""; ; ) {
    const { data, nextCursor } = await server.manage("GET", `/api/v1/runs?user=${userId}&limit=100${cursor}`);
    count += (data as unknown[]).length;
    if (typeof nextCursor !== "string") return count;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
}
