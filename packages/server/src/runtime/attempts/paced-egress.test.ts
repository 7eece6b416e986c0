import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Egress, EgressRequest, EgressResponse } from "@millrace/nodes";
import { pacedEgress } from "#runtime/attempts/paced-egress";
import { SLICE_MS, Slices } from "#runtime/slices";
import { Turns } from "#runtime/testing/turns";

/** Answers when it is told to: all that was asked for at once. */
class Held implements Egress {
  readonly #asked: Array<PromiseWithResolvers<EgressResponse>> = [];

  request(_request: EgressRequest): Promise<EgressResponse> {
    const asked = Promise.withResolvers<EgressResponse>();
    this.#asked.push(asked);
    return asked.promise;
  }

  /** One after the other, as they come out of sockets: what each sets off is done before the next. */
  async answerAll(): Promise<void> {
    for (const [n, { resolve }] of this.#asked.entries()) {
      resolve({ status: 200 + n, headers: {}, url: "http://a.test/", body: new Uint8Array() });
      await setImmediate();
    }
  }

  failAll(error: Error): void {
    for (const { reject } of this.#asked) reject(error);
  }
}

const REQUEST = { url: "http://a.test/", method: "GET" };

test("answers that come together are handed on in slices, each whole and in their order", async () => {
  const turns = new Turns();
  const held = new Held();
  const egress = pacedEgress(held, new Slices(turns.clock), "workflow");
  const heard: number[] = [];
  for (let n = 0; n < 6; n++)
    void egress.request(REQUEST).then(({ status }) => {
      heard.push(status);
      turns.spend(SLICE_MS + 1);
    });
  await held.answerAll();
  assert.deepEqual(heard, [200], "the first of the turn is not kept waiting");
  const perTurn: number[] = [];
  for (let before = heard.length; await turns.next(); before = heard.length) perTurn.push(heard.length - before);
  assert.deepEqual(heard, [200, 201, 202, 203, 204, 205]);
  assert.deepEqual(perTurn, [1, 1, 1, 1, 1]);
});

test("a failure is told at once", async () => {
  const turns = new Turns();
  const held = new Held();
  const egress = pacedEgress(held, new Slices(turns.clock), "workflow");
  const asked = [egress.request(REQUEST), egress.request(REQUEST)];
  held.failAll(new Error("gone"));
  for (const one of asked) await assert.rejects(one, /gone/);
});
