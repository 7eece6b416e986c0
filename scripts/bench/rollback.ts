import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ADMIN_KEY, CLI, type Millrace, publish, startMillrace } from "./millrace.ts";
import { median, report, round } from "./report.ts";

const ROUNDS = 10;
const EVERY_MS = 20;

const said = (text: string) => ({
  format: "millrace/1",
  name: "said",
  nodes: [
    { id: "start", type: "start" },
    { id: "end", type: "end", output: { text } },
  ],
  edges: ["start -> end"],
});

interface Load {
  readonly sent: number;
  readonly wrong: readonly string[];
  stop(): Promise<void>;
}

/** L29: the live version goes back and forth by the command while 50 requests come in each second; throws where one fails. */
export async function rollback(): Promise<void> {
  const server = await startMillrace();
  try {
    const key = await publish(server.manage, said("one"));
    await server.manage("POST", "/api/v1/deploy", { document: said("two"), publish: true });
    const load = begin(server, key);
    const times: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      times.push(await roll(server, round % 2 === 0 ? "1.0.0" : "1.0.1"));
      bare.push(await timed(["--eval", ""]));
      await pause(10 * EVERY_MS);
    }
    await load.stop();
    report("rollback", `a rollback by its command, under ${1_000 / EVERY_MS} requests a second`, [
      {
        rollbacks: ROUNDS,
        "p50 ms": round(median(times)),
        "most ms": round(Math.max(...times)),
        "of which node's start, p50 ms": round(median(bare)),
        requests: load.sent,
        errors: load.wrong.length,
      },
    ]);
    if (load.wrong.length > 0) throw new Error(load.wrong.join("\n"));
  } finally {
    await server.stop();
  }
}

/** What it says is what the next request runs. */
function roll(server: Millrace, version: string): Promise<number> {
  const env = { ...process.env, MILLRACE_ENDPOINT: `http://127.0.0.1:${server.port}`, MILLRACE_API_KEY: ADMIN_KEY };
  return timed([fileURLToPath(CLI), "versions", "rollback", "said", version], env);
}

/** From the start of the program to its end. */
async function timed(args: readonly string[], env = process.env): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(process.execPath, args, { env });
  return performance.now() - began;
}

function begin(server: Millrace, key: string): Load {
  const wrong: string[] = [];
  const asked: Promise<void>[] = [];
  const ask = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/v1/workflow/invoke`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: '{"input":{}}',
    });
    const text = await answer.text();
    if (!answer.ok || !/"text":"(one|two)"/.test(text)) wrong.push(`${answer.status} ${text}`);
  };
  const timer = setInterval(() => asked.push(ask().catch((error: unknown) => void wrong.push(String(error)))), EVERY_MS);
  return {
    get sent() {
      return asked.length;
    },
    wrong,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(asked);
    },
  };
}
