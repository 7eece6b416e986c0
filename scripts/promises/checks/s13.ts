import type { JsonObject } from "@millrace/contract";
import { type Check, Tally } from "../frame/check.ts";
import { document } from "../harness/documents.ts";
import { type InsideView, withInsideView } from "../harness/inside.ts";
import type { Millrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";
import { ownLiterals, slowAttack } from "../hostile/literals.ts";
import { SLOW_PATTERNS, type SlowPattern } from "../hostile/patterns.ts";

/** Of a text that a pattern is held against. */
const CHARACTERS = 5_000;
const WORST_MS = 50;
/** The first of so many that is below the limit says that nothing but the machine was slow. */
const REPEATS = 3;

/** Literals that the checker has to find, or it is blind. */
const PLANTED = ["^(a+)+$", "\\s*\\(x\\)$", "^(\\d+\\.?)*$", "(?:a|0|a0)*-"];

export const s13: Check = {
  id: "S13",
  property: "Users' patterns run on a linear-time engine, and none of our own takes long over any text",
  timed: true,
  run: () => withInsideView({ MILLRACE_LOG_LEVEL: "silent" }, check),
};

async function check(view: InsideView) {
  const slow = new Tally();
  const vulnerable = new Tally();
  let refused = 0;
  let worstMs = 0;
  for (const [n, one] of SLOW_PATTERNS.entries()) {
    const key = await publishOrRefuse(view.server, takesMatching(`pattern${n}`, one.pattern));
    if (key === null) refused += 1;
    else {
      const heldMs = await heldBy(view, key, one);
      worstMs = Math.max(worstMs, heldMs);
      slow.add(heldMs <= WORST_MS ? null : `${one.pattern}: ${Math.round(heldMs)} ms`);
    }
  }
  for (const literal of ownLiterals()) {
    const attack = slowAttack(literal);
    vulnerable.add(attack === null ? null : `${literal.place} /${literal.source}/ with many ${attack}`);
  }
  const blind = new Tally();
  for (const source of PLANTED) blind.add(slowAttack({ source, flags: "" }) === null ? `the planted /${source}/ is not found` : null);
  return {
    counts: [
      slow.count("that held the server for more than 50 ms", "users' patterns"),
      vulnerable.count("vulnerable", "literals of ours that repeat anything"),
      blind.count("not found", "planted ones"),
    ],
    facts: { "refused when published": refused, "longest hold, ms": Math.round(worstMs) },
    failures: [slow, vulnerable, blind].flatMap(({ failures }) => failures),
  };
}

/** The pattern in each place of a Start schema that takes one. */
function takesMatching(name: string, pattern: string): JsonObject {
  const input = {
    type: "object",
    properties: { text: { type: "string", pattern }, names: { type: "array", items: { type: "string", pattern } } },
  };
  return document(
    name,
    [
      { id: "start", type: "start", input },
      { id: "end", type: "end", output: {} },
    ],
    ["start -> end"],
  );
}

/** A key; null: the linear engine has no such pattern, as back references. */
async function publishOrRefuse(server: Millrace, draft: JsonObject): Promise<string | null> {
  try {
    return (await server.publish(draft)).key;
  } catch (thrown) {
    if (/: 400 /.test(String(thrown))) return null;
    throw thrown;
  }
}

async function heldBy({ server, look }: InsideView, key: string, { pump, suffix }: SlowPattern): Promise<number> {
  const text = pump.repeat(CHARACTERS / pump.length) + suffix;
  let heldMs = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS && heldMs > WORST_MS; repeat++) {
    await look();
    await invoke(server, key, { input: { text, names: [text] } });
    heldMs = Math.min(heldMs, (await look()).heldMs);
  }
  return heldMs;
}
