import assert from "node:assert/strict";
import { test } from "node:test";
import { Listeners } from "#runtime/listeners";

test("each listener of a name is told, in the order in which they came, and nobody of another name", () => {
  const listeners = new Listeners<[number]>();
  const heard: string[] = [];
  listeners.on("run", (n) => heard.push(`first ${n}`));
  listeners.on("run", (n) => heard.push(`second ${n}`));
  listeners.on("other", (n) => heard.push(`other ${n}`));
  listeners.tell("run", 1);
  listeners.tell("nobody", 2);
  assert.deepEqual(heard, ["first 1", "second 1"]);
});

test("whoever stops is told no more, once for each time that it began, and nothing is kept of a name without listeners", () => {
  const listeners = new Listeners<[]>();
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const [one, other] = [listeners.on("run", listener), listeners.on("run", listener)];
  one();
  one();
  assert.equal(listeners.has("run"), true);
  listeners.tell("run");
  assert.equal(heard, 1);
  other();
  assert.equal(listeners.has("run"), false);
  listeners.tell("run");
  assert.equal(heard, 1);
});

test("who comes or goes while something is told does so for the next time", () => {
  const listeners = new Listeners<[]>();
  const heard: string[] = [];
  listeners.on("run", () => {
    heard.push("first");
    stop();
    listeners.on("run", () => heard.push("late"));
  });
  const stop = listeners.on("run", () => heard.push("second"));
  listeners.tell("run");
  assert.deepEqual(heard, ["first", "second"]);
  listeners.tell("run");
  assert.deepEqual(heard, ["first", "second", "first", "late"]);
});
