import { setTimeout as pause } from "node:timers/promises";
import { load, postRequest } from "../../bench/load.ts";
import { ANSWERING } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { joined } from "../harness/members.ts";
import { ADMIN_KEY, type Millrace, withMillrace } from "../harness/millrace.ts";
import { eachAtOnce, INVOKE } from "../harness/runs.ts";

/**
 * As the server names them (ATTEMPT_LIMITS): of an account and of an address in a quarter of an hour, of keys in a minute. Each process that answers
 * lets as many through until it has heard of those at the others.
 */
const ACCOUNT = 10 * ANSWERING;
const ADDRESS = 30 * ANSWERING;
const KEYS = 60 * ANSWERING;

const AT_ONCE = 16;
const ROUND_MS = 1_000;

/** Guesses of a round, one after the other: more at once would be a load, which other checks are for. */
const PACE_MS = 40;
const PACED = ROUND_MS / PACE_MS;
const ROUNDS = 5;

/** The others' p99 beside guessing to that without, each the best of its rounds: a busy machine only ever adds. */
const LIMIT_RATIO = 1.5;

/** The others leave room: on a machine that they fill by themselves, whoever else comes delays them. */
const OTHERS_A_SECOND = 400;

/** Below this the guessing clients themselves, in the same process as the others, make half of the difference. */
const NOTICED_MS = 1;

const EMAIL = "guessed@example.com";

export const s14: Check = {
  id: "S14",
  property:
    "Guessing passwords and keys is bounded by account and by address, whatever a client writes of where it comes from, and delays nobody else",
  timed: true,
  run: (effort) => withMillrace({}, (server) => check(server, effort)),
};

async function check(server: Millrace, { long }: Effort) {
  await joined(server, ADMIN_KEY, EMAIL, "viewer");
  const { key } = await server.publish(echo("guessed"));
  const request = postRequest(INVOKE, '{"input":{"value":1}}', { Authorization: `Bearer ${key}` });
  const others = new Tally();
  const round = async (): Promise<number> => {
    const { answers, failures, p99, lastBody } = await load({
      port: server.port,
      connections: 4,
      durationMs: ROUND_MS,
      request,
      perSecond: OTHERS_A_SECOND,
    });
    for (let n = 0; n < answers; n++) others.add(n < failures ? lastBody : null);
    return p99;
  };
  await round();
  const attempts = long ? 10_000 : 2_000;
  const account = await guess(server, attempts, AT_ONCE, () => EMAIL);
  const addresses = await guess(server, attempts, AT_ONCE, (n) => `nobody${n}@example.com`);
  const spray = await sprayKeys(server, attempts, AT_ONCE);
  const alone: number[] = [];
  const beside: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    alone.push(await round());
    const guessing = [guess(server, PACED, 1, () => EMAIL), sprayKeys(server, PACED, 1)];
    beside.push(await round());
    await Promise.all(guessing);
  }
  const ratio = Math.min(...beside) / Math.max(NOTICED_MS, Math.min(...alone));
  const beyond = (passed: number, limit: number) => Math.max(0, passed - limit);
  return {
    counts: [
      { what: "let through beyond the account's limit", failed: beyond(account.passed, ACCOUNT), of: attempts, tried: "wrong passwords" },
      // Those of the account were the address's too.
      {
        what: "let through beyond the address's limit",
        failed: beyond(account.passed + addresses.passed, ADDRESS),
        of: 2 * attempts,
        tried: "wrong passwords of an address",
      },
      {
        what: "let through beyond the address's limit",
        failed: beyond(spray.passed, KEYS),
        of: attempts,
        tried: "wrong keys",
      },
      others.count("refused", "calls of the others"),
      { what: "delayed beyond the limit", failed: ratio <= LIMIT_RATIO ? 0 : 1, of: ROUNDS, tried: "rounds" },
    ],
    facts: {
      "let through": `${account.passed} of the account, ${addresses.passed} more of the address, ${spray.passed} keys`,
      "p99 alone ms": Math.min(...alone).toFixed(2),
      "p99 beside ms": Math.min(...beside).toFixed(2),
      "p99 ratio": ratio.toFixed(2),
    },
    failures: others.failures,
  };
}

interface Guesses {
  readonly passed: number;
}

/** Each from another address, as the client says; nobody has named a proxy, so that it is one address all the time. */
const forged = (n: number) => ({ "X-Forwarded-For": `203.0.${(n >> 8) & 255}.${n & 255}`, Forwarded: `for=203.0.113.${n & 255}` });

/** As many as `width` at a time; one at a time, at a pace. */
async function guess(server: Millrace, count: number, width: number, emailOf: (n: number) => string): Promise<Guesses> {
  return tally(count, width, async (n) => {
    const headers = { "Content-Type": "application/json", ...forged(n) };
    const { status } = await server.call("POST", "/api/v1/sign-in", { headers, body: { email: emailOf(n), password: `guess ${n}` } });
    return status;
  });
}

async function sprayKeys(server: Millrace, count: number, width: number): Promise<Guesses> {
  return tally(count, width, async (n) => {
    const key = `mr_${String(n).padStart(40, "k")}`;
    return (await server.call("POST", INVOKE, { key, headers: forged(n), body: { input: {} } })).status;
  });
}

async function tally(count: number, width: number, attempt: (n: number) => Promise<number>): Promise<Guesses> {
  let passed = 0;
  const numbers = Array.from({ length: count }, (_, n) => n);
  await eachAtOnce(numbers, width, async (n) => {
    if ((await attempt(n)) !== 429) passed += 1;
    if (width === 1) await pause(PACE_MS);
  });
  return { passed };
}
