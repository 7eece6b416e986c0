import { calling } from "../promises/harness/documents.ts";
import { type Form, withForm } from "./form.ts";
import { begin, effectsSeen, judged, outcomeOf } from "./load-runs.ts";
import { say } from "./say.ts";

/** Who dies, at which share of all effects. */
type Deaths = { readonly [share: string]: readonly [who: string, kill: (form: Form) => Promise<void>] };

/** kill -9 of the worker, of the engine, of PostgreSQL, and of all of them at once, under runs of a chain of effects. */
export function kills(runs = 200, effects = 45): Promise<boolean> {
  const engine = async ({ engine: [only] }: Form): Promise<void> => {
    await only?.kill();
    await only?.start();
  };
  const database = async ({ postgres }: Form): Promise<void> => {
    await postgres.kill();
    await postgres.start();
  };
  const deaths: Deaths = {
    "0.2": ["the worker", (form) => form.replaceWorker(0)],
    "0.4": ["the Restate server", engine],
    "0.6": ["PostgreSQL", database],
    "0.8": ["all three", async (form) => void (await Promise.all([form.replaceWorker(0), engine(form), database(form)]))],
  };
  return withForm({}, (form) => underLoad(form, deaths, runs, effects));
}

/** One node of three dies, is away while runs go on, comes back; then another one. */
export function cluster(runs = 200, effects = 45): Promise<boolean> {
  const deaths: Deaths = {
    "0.2": ["node 1 of 3", async ({ engine }) => engine[0]?.kill()],
    "0.5": ["nobody; node 1 is back", async ({ engine }) => engine[0]?.start()],
    "0.7": ["node 2 of 3", async ({ engine }) => engine[1]?.kill()],
  };
  return withForm({ nodes: 3 }, (form) => underLoad(form, deaths, runs, effects));
}

async function underLoad(form: Form, deaths: Deaths, runs: number, effects: number): Promise<boolean> {
  const { key } = await form.api.publish(calling("chain", form.effects.port, effects));
  const began = performance.now();
  const beginning = begin(form, key, runs);
  for (const [share, [who, kill]] of Object.entries(deaths)) {
    await effectsSeen(form, Number(share) * runs * effects);
    await kill(form);
    say(`after ${Math.round(Number(share) * 100)} % of the effects, ${Math.round(performance.now() - began)} ms: killed ${who}`);
  }
  const outcome = await outcomeOf(form, key, await beginning);
  say(`${runs} runs of ${effects} effects, ended after ${Math.round((performance.now() - began) / 100) / 10} s`);
  return judged(outcome, form);
}
