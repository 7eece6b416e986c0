import { DEFAULT_TENANT } from "../../packages/server/src/app.ts";
import { calling } from "../promises/harness/documents.ts";
import { type Form, withForm } from "./form.ts";
import { begin, effectsSeen, judged, outcomeOf } from "./load-runs.ts";
import { say } from "./say.ts";

/** The engine asks this often whether a worker is there: the shortest freeze that it takes note of. */
const ASKED_EVERY = { RESTATE_WORKER__INVOKER__HTTP2_KEEP_ALIVE_INTERVAL: "2s", RESTATE_WORKER__INVOKER__HTTP2_KEEP_ALIVE_TIMEOUT: "2s" };

/** After the thaw, for whatever the worker still tries to write. */
const AFTERWARDS_MS = 5_000;

/** One of two workers is stopped (SIGSTOP) under load, for so many seconds, and goes on: by then its runs have ended elsewhere. */
export function freeze(seconds = 30, runs = 100, effects = 20): Promise<boolean> {
  return withForm({ workers: 2, engineSettings: ASKED_EVERY }, async (form) => {
    const { key } = await form.api.publish(calling("chain", form.effects.port, effects));
    const [frozen] = form.workers;
    if (!frozen) throw new Error("no worker");
    const beginning = begin(form, key, runs);
    await effectsSeen(form, (runs * effects) / 4);
    process.kill(frozen.pid, "SIGSTOP");
    form.balancer.leaveOut(form.workerPort(0));
    const thawed = new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));
    say(`one of two workers is frozen for ${seconds} s, after ${form.effects.effects.size} effects`);
    const ids = await beginning;
    const before = await outcomeOf(form, key, ids);
    const journals = await journalsOf(form, ids);
    await thawed;
    const seen = form.effects.effects.size;
    process.kill(frozen.pid, "SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
    const late = (await journalsOf(form, ids)).filter((journal, index) => journal !== journals[index]).length;
    const complaints = frozen.log.filter((line) => line.includes("hosting a run")).length;
    say(`thawed: ${complaints} of its lives were refused, ${late} journals changed, ${form.effects.effects.size - seen} new effects`);
    return judged(before, form) && late === 0;
  });
}

function journalsOf(form: Form, ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map(async (id) => JSON.stringify(await form.store.runs.journal(DEFAULT_TENANT, id))));
}
