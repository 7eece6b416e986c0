import assert from "node:assert/strict";
import { test } from "node:test";
import { SLICE_MS, Slices } from "#runtime/slices";
import { Turns } from "#runtime/testing/turns";

test("many that have much to do hold a turn of the event loop for one slice in all", async () => {
  const turns = new Turns();
  const slices = new Slices(turns.clock);
  let done = 0;
  for (let n = 0; n < 10; n++)
    slices.putOff("greedy", () => {
      turns.spend(SLICE_MS + 1);
      done += 1;
    });
  const perTurn: number[] = [];
  for (let before = 0; await turns.next(); before = done) perTurn.push(done - before);
  assert.deepEqual(
    perTurn,
    Array.from({ length: 10 }, () => 1),
  );
});

test("whoever asks first in a turn begins its slice, whoever asks later has what is left of it, and the next turn has its own", async () => {
  const turns = new Turns();
  const slices = new Slices(turns.clock);
  assert.equal(slices.isOver(), false);
  turns.spend(SLICE_MS);
  assert.equal(slices.isOver(), false);
  turns.spend(1);
  assert.equal(slices.isOver(), true);
  await turns.next();
  assert.equal(slices.isOver(), false);
});

test("groups are served by turns, each in its own order", async () => {
  const turns = new Turns();
  const slices = new Slices(turns.clock);
  const served: string[] = [];
  for (const work of ["greedy 1", "greedy 2", "greedy 3", "light 1", "light 2"])
    slices.putOff(work.split(" ")[0] ?? "", () => void served.push(work));
  await turns.next();
  assert.deepEqual(served, ["greedy 1", "light 1", "greedy 2", "light 2", "greedy 3"]);
  assert.equal(await turns.next(), false, "an idle process is not woken");
});

test("what a piece sets off without waiting is time of the slice, and done before the next piece", async () => {
  const turns = new Turns();
  const slices = new Slices(turns.clock);
  const done: string[] = [];
  const piece = (name: string) => async () => {
    done.push(`${name} begins`);
    await null;
    await null;
    turns.spend(SLICE_MS + 1);
    done.push(`${name} ends`);
  };
  for (const name of ["one", "two"]) slices.putOff("greedy", () => void piece(name)());
  await turns.next();
  assert.deepEqual(done, ["one begins", "one ends"]);
  await turns.next();
  assert.deepEqual(done.slice(2), ["two begins", "two ends"]);
});
