import { type Check, type Effort, Tally } from "../frame/check.ts";
import { calling, echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { type PlantedBug, withPlantedServer } from "../harness/plant.ts";
import { startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";
import { type Environment, SERVER } from "../harness/server-process.ts";
import { openTroubles, type Trouble } from "../harness/troubles.ts";

/** At once; most of the time they start and stop. */
const SERVERS = 3;

const AT_ONCE = 8;
const RUNS = { change: 30, long: 500 };
const WAVES = 9;

/** Waves before memory is looked at: caches fill, code is compiled. */
const WARM_UP_WAVES = 3;

/** Memory after the last wave, to memory after the warm-up. */
const FLAT_RATIO = 1.25;

/** A supervisor kills what takes longer. */
const EXIT_MS = 10_000;

/** As long as one may be: what is to be logged of each run is much. */
const REQUEST_ID = "x".repeat(128);

/** What the check has to find. */
const PLANTED: PlantedBug = {
  name: "whoever closes the log ends the server",
  file: "cli/serve/log-pipe.ts",
  from: 'stream.removeAllListeners("error");',
  to: "",
};

export const o3: Check = {
  id: "O3",
  property: "Runs go on, in flat memory, when nobody takes the traces, reads the log or reads /metrics, and the server still stops in time",
  // The kernel's own account, in /proc.
  needs: "linux",
  run: async (effort) => {
    const found = new Findings();
    const troubles = await openTroubles();
    await eachAtOnce(troubles, SERVERS, (trouble) => found.follow(trouble, SERVER, effort));
    const missed = new Findings();
    const closed = troubles.filter(({ name }) => name === "the log's reader is gone");
    await withPlantedServer([PLANTED], async (copy) => {
      for (const trouble of closed) await missed.follow(trouble, copy, effort);
    });
    const planted = new Tally();
    planted.add(missed.runs.failed > 0 ? null : `not found: ${PLANTED.name}`);
    const { runs, memory, exits } = found;
    return {
      counts: [
        runs.count("failed because of it", "runs"),
        memory.count("grown by more than a quarter", "resident memories"),
        exits.count("late or unclean", "exits"),
        planted.count("not found", "planted bugs"),
      ],
      facts: {
        troubles: troubles.length,
        "largest memory to memory warmed up": found.largest.toFixed(2),
        "spans dropped": found.dropped,
        "spans exported": found.exported,
      },
      failures: [...runs.failures, ...memory.failures, ...exits.failures, ...planted.failures],
    };
  },
};

class Findings {
  readonly runs = new Tally();
  readonly memory = new Tally();
  readonly exits = new Tally();
  largest = 0;
  dropped = 0;
  exported = 0;

  /** A server of its own for each trouble. */
  async follow(trouble: Trouble, folder: string, { long }: Effort): Promise<void> {
    const receiver = await startReceiver();
    receiver.release();
    const allowed: Environment = { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` };
    try {
      await withDataDir(async (dataDir) => {
        const server = await startMillrace(settingsFor(dataDir, { ...allowed, ...trouble.environment }), { server: folder, quiet: true });
        try {
          await this.#runs(server, trouble, { port: receiver.port, runs: long ? RUNS.long : RUNS.change });
        } finally {
          await this.#exit(server, trouble);
        }
      });
    } finally {
      await Promise.all([receiver.close(), trouble.end()]);
    }
  }

  async #runs(server: Millrace, trouble: Trouble, { port, runs }: { readonly port: number; readonly runs: number }): Promise<void> {
    const keys = [(await server.publish(echo("echo"))).key, (await server.publish(calling("calling", port))).key];
    await trouble.begin(server);
    const calls = Array.from({ length: runs }, (_, n) => keys[n % keys.length] ?? "");
    const memory: number[] = [];
    let isGone = false;
    void server.ended.then(() => {
      isGone = true;
    });
    for (let wave = 0; wave < WAVES; wave++) {
      await eachAtOnce(calls, AT_ONCE, async (key) => this.runs.add(await failureOf(server, key, trouble)));
      // A server that has ended has none.
      if (!isGone) memory.push(server.rssBytes());
    }
    const ratio = Math.max(...memory.slice(WARM_UP_WAVES)) / (memory[WARM_UP_WAVES - 1] ?? Number.NaN);
    this.memory.add(ratio <= FLAT_RATIO ? null : `${trouble.name}: ${ratio.toFixed(2)} times the memory`);
    this.largest = Math.max(this.largest, ratio);
    if (isGone) return;
    try {
      this.#count((await server.call("GET", "/metrics")).text);
    } catch (thrown) {
      // Of several processes, the one that answers may have died of it alone.
      this.runs.add(`${trouble.name}: /metrics: ${(thrown as Error).message}`);
    }
  }

  #count(metrics: string): void {
    const [dropped = 0, exported = 0] = ["dropped", "exported"].map((what) =>
      Number(new RegExp(`^millrace_trace_spans_${what}_total (\\d+)$`, "m").exec(metrics)?.[1] ?? 0),
    );
    this.dropped += dropped;
    this.exported += exported;
  }

  async #exit(server: Millrace, { name }: Trouble): Promise<void> {
    const { code, afterMs } = await server.end("SIGTERM");
    this.exits.add(code === 0 && afterMs <= EXIT_MS ? null : `${name}: exit ${code} after ${Math.round(afterMs)} ms`);
  }
}

async function failureOf(server: Millrace, key: string, { name }: Trouble): Promise<string | null> {
  try {
    const { json, text } = await invoke(server, key, { input: { value: 1, n: 1 } }, { "X-Request-Id": REQUEST_ID });
    return json["status"] === "SUCCEED" ? null : `${name}: ${text}`;
  } catch (thrown) {
    return `${name}: ${(thrown as Error).message}`;
  }
}
