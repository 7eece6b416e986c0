import assert from "node:assert/strict";
import { test } from "node:test";
import { Check } from "typebox/value";
import { EXAMPLES } from "#routes/run-examples";
import * as R from "#run";

const SCHEMAS = { PENDING: R.PendingRun, RUNNING: R.RunningRun, SUCCEED: R.SucceededRun, FAILED: R.FailedRun };
const waitingFor = { type: "timer", nodeId: "pause", nodeName: "Pause", since: 1790000000200, until: 1790000900000 };

test("the members of every schema stand in the wire order", () => {
  for (const schema of Object.values(SCHEMAS)) {
    const keys = Object.keys(schema.properties);
    assert.deepEqual([...keys].sort(byWireOrder), keys);
  }
});

function byWireOrder(left: string, right: string): number {
  const order: readonly string[] = R.RUN_VIEW_KEYS;
  assert.ok(order.includes(left) && order.includes(right));
  return order.indexOf(left) - order.indexOf(right);
}

test("W3: an acknowledgement has exactly five members, and status PENDING", () => {
  assert.deepEqual(Object.keys(R.Acknowledgement.properties), R.ACKNOWLEDGEMENT_KEYS);
  assert.ok(Check(R.Acknowledgement, EXAMPLES.accepted));
  assert.equal(Check(R.Acknowledgement, { ...EXAMPLES.accepted, status: "RUNNING" }), false);
  assert.equal(Check(R.Acknowledgement, { ...EXAMPLES.accepted, waitingFor }), false);
});

test("each status has its members and no others", () => {
  const bodies = { RUNNING: EXAMPLES.running, SUCCEED: EXAMPLES.succeeded, FAILED: EXAMPLES.failed };
  for (const [status, body] of Object.entries(bodies)) {
    for (const [other, schema] of Object.entries(SCHEMAS)) assert.equal(Check(schema, body), other === status, `${status} as ${other}`);
    assert.ok(Check(R.RunView, body));
    for (const key of Object.keys(body)) assert.equal(Check(R.RunView, { ...body, [key]: null }), false, `${status} with ${key} null`);
  }
  assert.ok(Check(R.RunningRun, { ...EXAMPLES.running, waitingFor }));
  assert.equal(Check(R.SucceededRun, { ...EXAMPLES.succeeded, waitingFor }), false);
  assert.ok(Check(R.HeldAnswer, { ...EXAMPLES.accepted, status: "RUNNING", waitingFor }));
});

test("W5: there are four statuses, and SUCCED is none of them", () => {
  for (const status of R.RUN_STATUSES) assert.ok(Check(R.RunStatus, status));
  assert.equal(Check(R.RunStatus, "SUCCED"), false);
});
