import { type OwnClaim, ownClaim } from "#store/sql/own-claim";
import type { RunReader } from "#store/sql/run-reader";
import type { RunWriter } from "#store/sql/run-writer";
import type { TakeOver } from "#store/sql/take-over";
import type { Claim, RunStore } from "#store/store";

export function sqlRuns(writer: RunWriter, reader: RunReader, takeOver: TakeOver): RunStore {
  return {
    accept: (tenantId, run, entries, summary, beside) => writer.accept(tenantId, run, entries, summary, beside),
    acceptedUnder: (tenantId, keyId, key, now) => reader.acceptedUnder(tenantId, keyId, key, now),
    append: (claim, entries, summary, approvals) => inOrder(claim, (own) => writer.append(own, entries, summary, approvals)),
    sleep: (claim, sleep) => inOrder(claim, (own) => writer.sleep(own, sleep)),
    takeOver: (owner, limit) => takeOver.takeOver(owner, limit),
    takeHanded: (owner, limit) => takeOver.takeHanded(owner, limit),
    wake: (owner, at, limit) => takeOver.wake(owner, at, limit),
    wakeOne: (owner, tenantId, runId) => takeOver.wakeOne(owner, tenantId, runId),
    owned: (owner) => takeOver.owned(owner),
    giveBack: (claims, how) => takeOver.giveBack(claims, how),
    nextWakeAt: () => reader.nextWakeAt(),
    asleep: (tenantId, runId) => reader.asleep(tenantId, runId),
    takeHosted: (tenantId, runId) => takeOver.takeHosted(tenantId, runId),
    leftHosted: (limit) => reader.leftHosted(limit),
    unstartedHosted: (before, limit) => reader.unstartedHosted(before, limit),
    resign: (owner) => takeOver.resign(owner),
    suspect: (suspects, asideFrom) => takeOver.suspect(suspects, asideFrom),
    takeAside: (owner, waiting) => takeOver.takeAside(owner, waiting),
    renew: (owner) => takeOver.renew(owner),
    get: async (tenantId, workflowId, runId) => (await reader.find(tenantId, workflowId, runId))?.run ?? null,
    view: (tenantId, workflowId, runId) => reader.view(tenantId, workflowId, runId),
    list: (tenantId, filter) => reader.list(tenantId, filter),
    count: (tenantId, filter) => reader.count(tenantId, filter),
    tallies: (tenantId, from, to) => reader.tallies(tenantId, from, to),
    history: (tenantId, filter, page) => reader.history(tenantId, filter, page),
    lastEntry: (tenantId, runId) => reader.lastEntry(tenantId, runId),
    journal: (tenantId, runId) => reader.journal(tenantId, runId),
    journalFrom: (tenantId, runId, from) => reader.journalFrom(tenantId, runId, from),
    countUnfinished: () => reader.countUnfinished(),
    backlog: () => reader.backlog(),
  };
}

function inOrder(claim: Claim, write: (own: OwnClaim) => Promise<void>): Promise<void> {
  try {
    const own = ownClaim(claim);
    return own.inOrder(() => write(own));
  } catch (error) {
    return Promise.reject(error);
  }
}
