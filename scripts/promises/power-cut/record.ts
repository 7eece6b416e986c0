import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calling, echo } from "../harness/documents.ts";
import { type Millrace, settingsFor, startMillrace } from "../harness/millrace.ts";
import { type PlantedBug, plantServer } from "../harness/plant.ts";
import { startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { TRACEABLE } from "../harness/strace.ts";
import { readSecret } from "./inspect.ts";
import { readTrace, TRACED_CALLS, type Trace } from "./trace.ts";

/** The log is copied into the database every few runs, beside the writing, so that a short recording has all of that in it. */
const OFTEN_COPIED: PlantedBug = {
  file: "store/sqlite/writer/checkpoints.ts",
  name: "a log that is copied often",
  from: "passiveBytes: 16 * MIB",
  to: "passiveBytes: MIB / 4",
};

/** Nobody reads what is in the reserve: of its usual size it would be most of every disk that is built. */
const SMALL_RESERVE: PlantedBug = {
  file: "store/sqlite/reserve.ts",
  name: "a small reserve",
  from: "RESERVE_BYTES = 16 * MIB",
  to: "RESERVE_BYTES = MIB",
};

/** Mapped memory, rebuilt at each start: no system call writes it. */
const UNRECORDED = /-shm$/;

/** Longer than the largest write. */
const STRING_BYTES = 4_000_000;

/** Stored beside the database, as a file of its own. */
const LARGE = "l".repeat(70_000);

/** The data directory, on the disk. */
export const DATA = "data";

export interface Recording extends Trace {
  /** The disk: it holds nothing but the data directory, which the server makes. */
  readonly root: string;
  /** What the API keys are hashed with. */
  readonly secret: string | null;
}

/** What a server writes and says in two lives: made new, loaded, ended, started again, loaded. `bugs` are in it. */
export async function record(runs: number, bugs: readonly PlantedBug[] = []): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-recording-"));
  const root = join(folder, "disk");
  const dataDir = join(root, DATA);
  mkdirSync(root);
  const receiver = await startReceiver();
  receiver.release();
  try {
    const server = await plantServer([OFTEN_COPIED, SMALL_RESERVE, ...bugs], folder);
    const settings = settingsFor(dataDir, { ...TRACEABLE, MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` });
    const texts: string[] = [];
    for (const life of [1, 2]) {
      const file = join(folder, `trace-${life}`);
      const millrace = await startMillrace(settings, { server, under: tracer(file) });
      await load(millrace, receiver.port, life, runs / 2);
      await millrace.end(life === 1 ? "SIGTERM" : "SIGKILL");
      texts.push(readFileSync(file, "latin1"));
    }
    return { ...readTrace(texts.join(""), root, UNRECORDED), root, secret: readSecret(dataDir) };
  } finally {
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tracer(file: string): string[] {
  const calls = `trace=${TRACED_CALLS.join(",")}`;
  return ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", `${STRING_BYTES}`, "-o", file, "-e", calls, "-e", "signal=none"];
}

/** A third each: over at once, with a large value, and with effects and a webhook behind it. */
async function load(server: Millrace, port: number, life: number, runs: number): Promise<void> {
  const pure = await server.publish(echo(`pure${life}`));
  const effects = await server.publish(calling(`effects${life}`, port, 2));
  const webhook = [{ method: "POST", url: `http://127.0.0.1:${port}/webhook` }];
  await eachAtOnce(Array.from({ length: runs }), 4, async (_, n) => {
    const text = n % 3 === 1 ? `${LARGE}${life}-${n}` : `${n}`;
    const answer =
      n % 3 === 2
        ? await invoke(server, effects.key, { input: { n }, isAsync: true, webhook })
        : await invoke(server, pure.key, { input: { value: text } });
    if (answer.status !== 200) throw new Error(`the recording went wrong: ${answer.status} ${answer.text}`);
    if (n % 3 === 2) await terminalAnswer(server, effects.key, runIdOf(answer));
  });
}
