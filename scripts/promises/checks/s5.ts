import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@millrace/contract";
import { type Ending, violation } from "../../../packages/server/src/sandbox/testing/must.ts";
import { PROBE } from "../../../packages/server/src/sandbox/testing/probe.ts";
import { type Check, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace, withMillrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";

interface Attack {
  readonly name: string;
  readonly code: string;
  readonly must: string;
}

const LIST = new URL("../../../packages/server/src/sandbox/testing/javascript-attacks.json", import.meta.url);
const ATTACKS = JSON.parse(readFileSync(LIST, "utf8")) as readonly Attack[];

/** Short, because the attacks on the time use all of it. */
const TIME_ATTACK_MS = 500;
/** Enough for an attack on the memory to reach its limit on a slow machine. */
const OTHER_ATTACK_MS = 10_000;

/** The promise is 250 ms for the sandbox; this is with the way there and back, on a machine that does other things as well. */
const OVERSHOOT_MS = 1_000;

export const s5: Check = {
  id: "S5",
  property: "Sandboxed code reaches nothing of the host, ends at its limits alone, and leaves nothing behind for the next run",
  run: async ({ long }) => {
    const tallies: Tallies = {
      escapes: new Tally(),
      unclean: new Tally(),
      neighbours: new Tally(),
      late: new Tally(),
      python: new Tally(),
    };
    const canary = `canary-${randomUUID()}`;
    for (const timeoutMs of [TIME_ATTACK_MS, OTHER_ATTACK_MS]) {
      const attacks = ATTACKS.filter(({ must }) => must.includes("limit:time") === (timeoutMs === TIME_ATTACK_MS));
      const settings = { MILLRACE_CODE_TIMEOUT_MS: `${timeoutMs}`, MILLRACE_CANARY: canary, MILLRACE_LOG_LEVEL: "silent" };
      const repeated = Array.from({ length: long ? 20 : 1 }, () => attacks).flat();
      await withMillrace(settings, (server) => attackAll(server, repeated, { canary, timeoutMs }, tallies));
    }
    const { escapes, unclean, neighbours, late, python } = tallies;
    return {
      counts: [
        escapes.count("escaped, or ended otherwise than they must", "attacks"),
        unclean.count("that find something of the run before", "probes after an attack"),
        neighbours.count("not finished", "runs beside an attack"),
        late.count("later than a second after their limit", "attacks"),
        python.count("not refused with its reason", "programs of a language without a sandbox"),
      ],
      failures: [escapes, unclean, neighbours, late, python].flatMap(({ failures }) => failures),
    };
  },
};

interface Tallies {
  readonly escapes: Tally;
  readonly unclean: Tally;
  readonly neighbours: Tally;
  readonly late: Tally;
  /** A language without a sandbox. */
  readonly python: Tally;
}

interface Surroundings {
  /** In the server's environment. */
  readonly canary: string;
  readonly timeoutMs: number;
}

/** Each followed by a probe, with a run of somebody else beside it. */
async function attackAll(
  server: Millrace,
  attacks: readonly Attack[],
  { canary, timeoutMs }: Surroundings,
  tallies: Tallies,
): Promise<void> {
  const { escapes, unclean, neighbours, late } = tallies;
  const { key: probeKey } = await server.publish(running("probe", PROBE.code));
  const { key: neighbourKey } = await server.publish(echo("neighbour"));
  tallies.python.add(await pythonFault(server));
  const clean = await endingOf(server, probeKey);
  for (const [n, { name, code, must }] of attacks.entries()) {
    const key = await publishOrRefuse(server, running(`attack-${n}`, code));
    const began = performance.now();
    const attack = key === null ? REFUSED : endingOf(server, key);
    const neighbour = await invoke(server, neighbourKey, { input: { value: n } });
    neighbours.add(neighbour.json["status"] === "SUCCEED" ? null : `beside ${name}: ${neighbour.status} ${neighbour.text}`);
    const ending = await attack;
    const overshoot = performance.now() - began - timeoutMs;
    late.add(overshoot <= OVERSHOOT_MS ? null : `${name}: ${Math.round(overshoot)} ms`);
    const broken = violation(must, ending);
    const text = JSON.stringify(ending);
    escapes.add(broken === undefined && !text.includes(canary) ? null : `${name}: ${broken ?? "the canary"}; ${text.slice(0, 200)}`);
    unclean.add(isDeepStrictEqual(await endingOf(server, probeKey), clean) ? null : `after ${name}`);
  }
}

/** What is no program does not come to run. */
const REFUSED: Ending = { type: "code_error", message: "it was refused when it was published" };

/** A value that is no object comes out in a member of its own. */
const WRAP = "wrapped";

/** It is refused before it could run, and the refusal says why and what to do. */
async function pythonFault(server: Millrace): Promise<string | null> {
  const document = running("python", "return {}", "python");
  const { status, text } = await server.call("POST", "/api/v1/deploy", { key: ADMIN_KEY, body: { document, publish: true } });
  return status === 400 && /no Python runtime; write the code in/.test(text) ? null : `python: ${status} ${text}`;
}

function running(name: string, code: string, language = "javascript"): JsonObject {
  return {
    format: "millrace/1",
    name,
    nodes: [
      { id: "start", type: "start", input: { type: "object", properties: {} } },
      { id: "attack", type: "code", language, code, wrap: WRAP },
      { id: "end", type: "end", output: { result: "{{ attack }}" } },
    ],
    edges: ["start -> attack", "attack -> end"],
  };
}

/** A key; null: publishing refused it. */
async function publishOrRefuse(server: Millrace, document: JsonObject): Promise<string | null> {
  try {
    return (await server.publish(document)).key;
  } catch (thrown) {
    if (/: 4\d\d /.test(String(thrown))) return null;
    throw thrown;
  }
}

async function endingOf(server: Millrace, key: string): Promise<Ending> {
  const { json } = await invoke(server, key, { input: {} });
  if (json["status"] !== "SUCCEED") return json["error"] as { type: string; message: string };
  const { result } = json["output"] as { result: JsonObject };
  return { value: isDeepStrictEqual(Object.keys(result), [WRAP]) ? result[WRAP] : result };
}
