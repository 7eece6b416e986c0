import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { SpokenTo } from "#runtime/restate/spoken-to";
import { type Message, type Replies, type Spoken, severalIn } from "#runtime/restate/words";

/** Runs that hear what they are told, and answer when the test says so. */
class Runs {
  readonly heard: [runId: string, ats: readonly number[]][] = [];
  readonly #asked: PromiseWithResolvers<Replies>[] = [];

  readonly spokenTo = new SpokenTo((runId: string, spoken: Spoken) => {
    this.heard.push([runId, severalIn(spoken).map((one) => (one as Message).at)]);
    const asked = Promise.withResolvers<Replies>();
    this.#asked.push(asked);
    return asked.promise;
  });

  say(runId: string, at: number): Promise<string> {
    return this.spokenTo.tell(runId, { ask: "turn", at }).catch((error: Error) => error.message);
  }

  async answer(replies: Replies | Error): Promise<void> {
    const asked = this.#asked.shift();
    if (replies instanceof Error) asked?.reject(replies);
    else asked?.resolve(replies);
    await setImmediate();
  }
}

test("what is to be told to a run that is being told something goes together, in its order; no other run waits", async () => {
  const runs = new Runs();
  const said = [1, 2, 3].map((at) => runs.say("a", at));
  const other = runs.say("b", 4);
  assert.deepEqual(runs.heard, [
    ["a", [1]],
    ["b", [4]],
  ]);
  await runs.answer("taken");
  assert.deepEqual(runs.heard.at(-1), ["a", [2, 3]]);
  await runs.answer("before");
  await runs.answer(["taken", "full"]);
  assert.deepEqual(await Promise.all([...said, other]), ["taken", "taken", "full", "before"]);
  const closed = [5, 6, 7].map((at) => runs.say("a", at));
  await runs.answer("closed");
  await runs.answer("closed");
  assert.deepEqual(await Promise.all(closed), ["closed", "closed", "closed"], "one word is meant for all");
});

test("what a run does not hear fails, and with it what waits; what comes later is told", async () => {
  const runs = new Runs();
  const said = [1, 2].map((at) => runs.say("a", at));
  await runs.answer(new Error("unheard"));
  assert.deepEqual(await Promise.all(said), ["unheard", "unheard"]);
  const later = runs.say("a", 3);
  await runs.answer("taken");
  assert.equal(await later, "taken");
  assert.deepEqual(
    runs.heard.map(([, ats]) => ats),
    [[1], [3]],
  );
});

test("no more go together than may", async () => {
  const runs = new Runs();
  const said = Array.from({ length: 100 }, (_, at) => runs.say("a", at));
  for (let count = 0; count < 3; count++) await runs.answer("taken");
  await Promise.all(said);
  assert.deepEqual(
    runs.heard.map(([, ats]) => ats.length),
    [1, 64, 35],
  );
});
