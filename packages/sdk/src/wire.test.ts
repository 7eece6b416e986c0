import assert from "node:assert/strict";
import { test } from "node:test";
import type * as Contract from "@millrace/contract";
import type * as Wire from "#wire";

/** `true` where each of two types takes the values of the other; anything else does not compile below. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : "the first takes more") : "the second takes more";

test("the types of this package are those of the server", () => {
  const same: readonly true[] = [
    true satisfies Same<Wire.RunView, Contract.RunView>,
    true satisfies Same<Wire.SucceededRun, Contract.SucceededRun>,
    true satisfies Same<Wire.FailedRun, Contract.FailedRun>,
    true satisfies Same<Wire.RunHeader, Contract.RunHeader>,
    true satisfies Same<Wire.RunEvent, Contract.RunEvent>,
    true satisfies Same<Wire.NodeDeltaEvent, Contract.NodeDeltaEvent>,
    true satisfies Same<Wire.WebhookTarget, Contract.WebhookTarget>,
    true satisfies Same<Wire.ErrorItem, Contract.ErrorItem>,
    true satisfies Same<Wire.RunTrigger, Contract.RunTrigger>,
    true satisfies Same<Wire.RunStatus, Contract.RunStatus>,
    true satisfies Same<Pick<Contract.ErrorBody, keyof Wire.ErrorBody> extends Wire.ErrorBody ? 1 : 0, 1>,
  ];
  assert.equal(same.every(Boolean), true);
});
