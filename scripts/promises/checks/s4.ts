import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "@millrace/contract";
import fc from "fast-check";
import { EXPRESSION_ATTACKS, fieldOf, HOST_WORDS } from "../../../packages/engine/src/expression/testing/expression-attacks.ts";
import { hostilePrograms } from "../../../packages/engine/src/expression/testing/hostile-programs.ts";
import { ALLOWED_TYPES, NODE_TYPES } from "../../../packages/engine/src/expression/testing/node-types.ts";
import { type Check, Tally } from "../frame/check.ts";
import { document } from "../harness/documents.ts";
import { type InsideView, withInsideView } from "../harness/inside.ts";
import type { Millrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";

const AT_ONCE = 8;
/** Fields of one document that is validated: each may have several problems, of which an answer lists a thousand. */
const A_DOCUMENT = 50;
/**
 * Of processors, of which an evaluation takes all of its fuel and output in about a tenth; on a busy machine the clock on the wall tells of
 * others. Those evaluated beside it are counted in.
 */
const EVALUATION_MS = 2_000;

export const s4: Check = {
  id: "S4",
  property: "Expressions reach nothing of the host, end at their limits, and what a user sends is text for ever: it is never evaluated",
  needs: "linux",
  run: ({ long, seed }) => withInsideView({ MILLRACE_LOG_LEVEL: "silent" }, (view) => check(view, seed, long ? 40 : 1)),
};

async function check({ server, look }: InsideView, seed: number, times: number) {
  const escapes = new Tally();
  const late = new Tally();
  const again = new Tally();
  const sources = fc.sample(hostilePrograms, { seed, numRuns: 5_000 * times }).map((source) => onStart(source));
  const valid = await refuseInvalid(server, sources, escapes);
  await eachAtOnce(valid.slice(0, 500 * times), AT_ONCE, async (source) => {
    const before = server.cpuMs();
    const outcome = await outcomeOf(server, `{{ ${source} }}`, { y: 1, list: [1, 2] });
    escapes.add(outcome.hostile ? `${source}: ${outcome.text}` : null);
    const took = server.cpuMs() - before;
    late.add(took <= EVALUATION_MS ? null : `${source}: ${took} ms`);
  });
  for (const [type, source] of Object.entries(NODE_TYPES)) {
    const { kind } = await outcomeOf(server, `{{ ${onStart(source)} }}`, { y: 1, list: [1] });
    escapes.add((kind === "refuse") === ALLOWED_TYPES.has(type) ? `${type}: ${source} ends as ${kind}` : null);
  }
  for (const { name, code, must } of EXPRESSION_ATTACKS) {
    const { text, data } = fieldOf(code);
    const {
      kind,
      hostile,
      text: ending,
    } = await outcomeOf(
      server,
      onStart(
        text,
        Object.keys(data).filter((one) => one !== "x" && one !== "env"),
      ),
      data,
    );
    const kept = must.split("|").some((one) => one === kind || one.startsWith(`${kind}:`));
    escapes.add(kept && !hostile ? null : `${name} must be ${must}, ended as ${kind}: ${ending}`);
  }
  await roundTrips(server, seed, 1_000 * times, again);
  const { intact } = await look();
  escapes.add(intact ? null : "something that everything inherits from has changed");
  return {
    counts: [
      escapes.count("escaped, or ended otherwise than they must", "programs and attacks"),
      late.count("over budget", "programs that ran"),
      again.count("other than they were sent, or evaluated", "texts through a template"),
    ],
    facts: { "refused before they ran": sources.length - valid.length, "node types": Object.keys(NODE_TYPES).length },
    failures: [escapes, late, again].flatMap(({ failures }) => failures),
  };
}

/** Names of data where they stand for it: the Start node is `x`, and all else is a member of it. */
function onStart(source: string, names: readonly string[] = ["list"]): string {
  const name = new RegExp(`(?<![\\w"'$]|(?<!\\.\\.)\\.)(${names.join("|")})\\b(?!\\s*[:=(])`, "g");
  return source.replace(name, "x.$1");
}

/** `names`: of the input; any values. */
function withFields(name: string, fields: JsonObject, names: readonly string[], env: JsonObject = {}): JsonObject {
  const properties = Object.fromEntries(names.map((one) => [one, {}]));
  const begin = { id: "x", type: "start", input: { type: "object", properties } };
  return { ...document(name, [begin, { id: "end", type: "end", output: fields }], ["x -> end"]), env };
}

/** The programs that the server would run. Whatever it says of the others is an answer, and names their place. */
async function refuseInvalid(server: Millrace, sources: readonly string[], escapes: Tally): Promise<string[]> {
  const valid: string[] = [];
  const batches = Array.from({ length: Math.ceil(sources.length / A_DOCUMENT) }, (_, n) =>
    sources.slice(n * A_DOCUMENT, (n + 1) * A_DOCUMENT),
  );
  await eachAtOnce(batches, AT_ONCE, async (batch) => {
    const fields = Object.fromEntries(batch.map((source, n) => [`p${n}`, `{{ ${source} }}`]));
    const { problems } = await server.manage("POST", "/api/v1/validate", { document: withFields("programs", fields, ["y", "list"]) });
    const refused = new Set(
      (problems as { level: string; path: string }[]).filter(({ level }) => level === "error").map(({ path }) => path),
    );
    for (const [n, source] of batch.entries()) {
      if (refused.has(`/nodes/1/output/p${n}`)) escapes.add(null);
      else valid.push(source);
    }
  });
  return valid;
}

interface FieldOutcome {
  readonly kind: "refuse" | "null" | "data" | "error" | "limit";
  readonly hostile: boolean;
  readonly text: string;
}

let serial = 0;

/** What becomes of a field in a run. */
async function outcomeOf(server: Millrace, field: string, data: JsonObject): Promise<FieldOutcome> {
  serial += 1;
  const { env = {}, ...input } = data;
  const own = { ...(data["x"] as JsonObject | undefined), ...input, x: data["x"] ?? null };
  const draft = withFields(`field${serial}`, { result: field }, Object.keys(own), env as JsonObject);
  const published = await server.publish(draft).catch((refusal: Error) => refusal);
  if (published instanceof Error) return { kind: "refuse", hostile: !/: 4\d\d /.test(published.message), text: published.message };
  const { status, json, text } = await invoke(server, published.key, { input: own });
  const type = String((json["error"] as JsonObject | undefined)?.["type"] ?? "");
  if (json["status"] !== "SUCCEED") {
    const kind = type === "limit_exceeded" ? "limit" : "error";
    return { kind, hostile: status >= 500 || !["limit_exceeded", "expression_error"].includes(type), text };
  }
  const value = (json["output"] as JsonObject)["result"] ?? null;
  const shown = JSON.stringify(value);
  const hostile = shown.includes("SECRET") || (HOST_WORDS.test(shown) && !HOST_WORDS.test(field + JSON.stringify(data)));
  return { kind: isNothing(value) ? "null" : "data", hostile, text: shown };
}

function isNothing(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null));
}

/** What a template would make something of, if it read what it has written. */
const TEMPTING = [
  "{{",
  "}}",
  "{{ env.CANARY }}",
  "{{ x.value }}",
  "\\{{",
  "${",
  "`",
  "\\",
  "\n",
  "'",
  '"',
  "\u0000",
  "\u2028",
  "😀",
  "%s",
  "$&",
  "$1",
];

async function roundTrips(server: Millrace, seed: number, count: number, again: Tally): Promise<void> {
  const canary = "SECRET of the environment";
  const fields = {
    whole: "{{ x.value }}",
    within: "<{{ x.value }}>",
    twice: "{{ x.value }}{{ x.value }}",
    called: "{{ [x.value].map(v => v)[0] }}",
  };
  const { key } = await server.publish(withFields("roundTrip", fields, ["value"], { CANARY: canary }));
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(fc.oneof(fc.constantFrom(...TEMPTING), fc.string())).map((parts) => parts.join("")),
  );
  await eachAtOnce(fc.sample(text, { seed, numRuns: count }), AT_ONCE, async (value) => {
    const answer = await invoke(server, key, { input: { value } });
    const due = { whole: value, within: `<${value}>`, twice: value + value, called: value };
    const kept = isDeepStrictEqual(answer.json["output"], due) && !answer.text.includes(canary);
    again.add(kept ? null : `${JSON.stringify(value)}: ${answer.text}`);
  });
}
