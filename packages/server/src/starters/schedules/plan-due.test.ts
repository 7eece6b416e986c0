import assert from "node:assert/strict";
import { test } from "node:test";
import { type CatchUp, LIMITS } from "@millrace/contract";
import { MISSED_AFTER_MS, planDue } from "#starters/schedules/plan-due";
import type { DueSchedule } from "#store/schedule-store";

const HOUR_MS = 3_600_000;
const DUE = Date.UTC(2026, 5, 1, 12);

function schedule(catchUp: CatchUp, dueAt = DUE): DueSchedule {
  const settings = { name: "", version: null, cron: "0 * * * *", timeZone: "UTC", catchUp, input: {}, userId: null, enabled: true };
  const last = { lastDueAt: null, lastRunId: null, lastError: null };
  return { ...settings, ...last, tenantId: "t", id: "s", workflowId: "w", dueAt, createdAt: 0, updatedAt: 0 };
}

/** Every due time that starts a run, one look after another. */
function started(catchUp: CatchUp, now: number): { readonly hours: readonly number[]; readonly next: number } {
  const hours: number[] = [];
  let next: number | null = DUE;
  while (next !== null && next <= now) {
    const planned = planDue(schedule(catchUp, next), now);
    if (planned.start !== null) hours.push((planned.start - DUE) / HOUR_MS);
    next = planned.next;
  }
  return { hours, next: ((next ?? 0) - DUE) / HOUR_MS };
}

test("in time, every rule starts the run and goes on to the next due time", () => {
  for (const rule of ["none", "last", "all"] as const) {
    assert.deepEqual(started(rule, DUE), { hours: [0], next: 1 });
    assert.deepEqual(started(rule, DUE + MISSED_AFTER_MS), { hours: [0], next: 1 });
  }
});

test("what was missed is left out, made up for once, or made up for one after another", () => {
  assert.deepEqual(started("none", DUE + MISSED_AFTER_MS + 1), { hours: [], next: 1 });
  assert.deepEqual(started("none", DUE + 5.5 * HOUR_MS), { hours: [], next: 6 });
  assert.deepEqual(started("none", DUE + 5 * HOUR_MS), { hours: [5], next: 6 });
  assert.deepEqual(started("last", DUE + 5.5 * HOUR_MS), { hours: [5], next: 6 });
  assert.deepEqual(started("all", DUE + 5.5 * HOUR_MS), { hours: [0, 1, 2, 3, 4, 5], next: 6 });
});

test("no more than the latest are made up for", () => {
  const most = LIMITS.catchUpRuns.value;
  const { hours } = started("all", DUE + (most - 1) * HOUR_MS);
  assert.deepEqual([hours.length, hours[0]], [most, 0]);
  const { hours: beyond } = started("all", DUE + (most + 4) * HOUR_MS);
  assert.deepEqual([beyond.length, beyond[0], beyond.at(-1)], [most, 5, most + 4]);
});
