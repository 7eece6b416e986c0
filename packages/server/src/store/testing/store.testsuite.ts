import { describe } from "node:test";
import { approvalSuite } from "#store/testing/approval.testsuite";
import { auditSuite } from "#store/testing/audit.testsuite";
import { bulkSuite } from "#store/testing/bulk.testsuite";
import type { OpenStore } from "#store/testing/fixture";
import { hookSuite } from "#store/testing/hook.testsuite";
import { idempotencySuite } from "#store/testing/idempotency.testsuite";
import { keySuite } from "#store/testing/key.testsuite";
import { knowledgeSuite } from "#store/testing/knowledge.testsuite";
import { listSuite } from "#store/testing/list.testsuite";
import { memberSuite } from "#store/testing/member.testsuite";
import { ownerSuite } from "#store/testing/owner.testsuite";
import { priceSuite } from "#store/testing/price.testsuite";
import { runSuite } from "#store/testing/run.testsuite";
import { scheduleSuite } from "#store/testing/schedule.testsuite";
import { sleepSuite } from "#store/testing/sleep.testsuite";
import { storeWideSuite } from "#store/testing/store-wide.testsuite";
import { suspectSuite } from "#store/testing/suspect.testsuite";
import { upkeepSuite } from "#store/testing/upkeep.testsuite";
import { valueSuite } from "#store/testing/value.testsuite";
import { vaultSuite } from "#store/testing/vault.testsuite";
import { webhookSuite } from "#store/testing/webhook.testsuite";
import { workflowSuite } from "#store/testing/workflow.testsuite";

/** What every store promises; each implementation runs it. */
export function storeSuite(name: string, open: OpenStore): void {
  describe(`${name}: workflows`, () => workflowSuite(open));
  describe(`${name}: keys`, () => keySuite(open));
  describe(`${name}: runs`, () => runSuite(open));
  describe(`${name}: sleeping runs`, () => sleepSuite(open));
  describe(`${name}: idempotency keys`, () => idempotencySuite(open));
  describe(`${name}: values`, () => valueSuite(open));
  describe(`${name}: lists`, () => listSuite(open));
  describe(`${name}: owners`, () => ownerSuite(open));
  describe(`${name}: suspects`, () => suspectSuite(open));
  describe(`${name}: upkeep`, () => upkeepSuite(open));
  describe(`${name}: webhooks`, () => webhookSuite(open));
  describe(`${name}: schedules`, () => scheduleSuite(open));
  describe(`${name}: hooks`, () => hookSuite(open));
  describe(`${name}: jobs over runs`, () => bulkSuite(open));
  describe(`${name}: approvals`, () => approvalSuite(open));
  describe(`${name}: members`, () => memberSuite(open));
  describe(`${name}: audit log`, () => auditSuite(open));
  describe(`${name}: what is sealed`, () => vaultSuite(open));
  describe(`${name}: knowledge`, () => knowledgeSuite(open));
  describe(`${name}: prices`, () => priceSuite(open));
  describe(`${name}: the whole`, () => storeWideSuite(open));
}
