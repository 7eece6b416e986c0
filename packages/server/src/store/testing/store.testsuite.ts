import { describe } from "node:test";
import type { OpenStore } from "#store/testing/fixture";
import { idempotencySuite } from "#store/testing/idempotency.testsuite";
import { keySuite } from "#store/testing/key.testsuite";
import { listSuite } from "#store/testing/list.testsuite";
import { ownerSuite } from "#store/testing/owner.testsuite";
import { runSuite } from "#store/testing/run.testsuite";
import { sleepSuite } from "#store/testing/sleep.testsuite";
import { storeWideSuite } from "#store/testing/store-wide.testsuite";
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
  describe(`${name}: upkeep`, () => upkeepSuite(open));
  describe(`${name}: webhooks`, () => webhookSuite(open));
  describe(`${name}: what is sealed`, () => vaultSuite(open));
  describe(`${name}: the whole`, () => storeWideSuite(open));
}
