import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES } from "#runtime/attempts/lost-attempts";
import { type Suspected, SuspectLine } from "#runtime/restate/suspect-line";

/** A line, the names of those that have begun, in their order, and the way into it. */
function line() {
  const suspects = new SuspectLine();
  const begun: string[] = [];
  const enter = (runId: string, deaths: number): Suspected => {
    const stage = STAGES.find((one) => one.deaths === deaths) ?? assert.fail(String(deaths));
    const suspected = { runId, stage, begin: () => void begun.push(runId) };
    suspects.enter(suspected);
    return suspected;
  };
  return { suspects, begun, enter };
}

test("many begin beside each other with few deaths, and fewer with more", () => {
  const { suspects, begun, enter } = line();
  const [first] = [..."abcdefghi"].map((name) => enter(name, 3));
  assert.equal(begun.join(""), "abcdefgh");
  suspects.leave(first ?? assert.fail());
  assert.equal(begun.join(""), "abcdefghi");
});

test("of those that wait the ones with the fewest deaths come first, then the oldest", () => {
  const { suspects, begun, enter } = line();
  const alone = enter("alone", 4);
  const waiting = [enter("d", 4), enter("c", 3), enter("b", 2), enter("a", 2)];
  assert.deepEqual(begun, ["alone"], "beside one with four deaths nobody is under way");
  suspects.leave(alone);
  assert.deepEqual(begun, ["alone", "a", "b", "c"], "one with four deaths begins when nobody is under way");
  for (const one of waiting.slice(1)) suspects.leave(one);
  assert.equal(begun.at(-1), "d");
});

test("one that waits no more is not begun", () => {
  const { suspects, begun, enter } = line();
  const [first, second] = [enter("first", 4), enter("second", 4)];
  suspects.leave(second);
  suspects.leave(first);
  assert.deepEqual(begun, ["first"]);
});
