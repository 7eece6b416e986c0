import { inPairs, middlePair } from "../promises/harness/in-pairs.ts";
import { invokeRequest, KILOBYTE, measure, timed } from "./measure.ts";
import { startMillrace } from "./millrace.ts";
import { startServer } from "./process.ts";
import { median, report, round } from "./report.ts";

const slowTarget = new URL("./slow-server.ts", import.meta.url);

/** Each is the other run without the wide one and beside it. */
const PAIRS = 15;
/** About as long as the wide run takes. */
const ROUND_MS = 600;

/** P6: 1,000 HTTP nodes side by side in one run, and what another run notices of them. */
export async function fanOut(): Promise<void> {
  const target = await startServer(slowTarget);
  const server = await startMillrace({ MILLRACE_RUN_CONCURRENCY: "128" });
  const fan = invokeRequest(server, "fan", { url: `http://127.0.0.1:${target.port}/` });
  const greet = invokeRequest(server, "greet", KILOBYTE);
  const times: number[] = [];
  const medians: number[] = [];
  const pairs = await inPairs({
    pairs: PAIRS,
    measure: async () => {
      const { p50, p99 } = await measure(server, greet, 1, ROUND_MS);
      medians.push(p50);
      return p99;
    },
    disturb: async () => {
      const wide = timed(server, fan);
      return async () => void times.push((await wide).ms);
    },
  });
  const { alone, beside, ratio } = middlePair(pairs);
  // The first of each is for warmth.
  const [aloneP50, besideP50] = [1, 2].map((first) => median(medians.filter((_, n) => n > 0 && n % 2 === first % 2)));
  report("p6", "1,000 HTTP nodes side by side, each answered after 50 ms, concurrency 128", [
    { what: "the run, ms", value: round(median(times)) },
    { what: "another run alone, p50 and p99 ms", value: `${round(aloneP50 ?? 0, 2)} ${round(alone, 2)}` },
    { what: "another run beside it, p50 and p99 ms", value: `${round(besideP50 ?? 0, 2)} ${round(beside, 2)}` },
    { what: `p99 beside / alone, the middle of ${PAIRS} pairs`, value: round(ratio, 1) },
  ]);
  process.stdout.write(`  pair by pair: ${pairs.map((pair) => round(pair.beside / pair.alone, 1)).join("  ")}\n`);
  await Promise.all([server.stop(), target.stop()]);
}
