import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { executor } from "#http/run";
import type { EgressRequest } from "#kit/capabilities";
import { attemptWith } from "#testing/attempt";
import { NO_CAPABILITIES } from "#testing/doubles";

/** Runs the executor against an egress that answers 200 to everything, and returns what it was asked. */
async function asked(config: JsonObject, signal: AbortSignal = new AbortController().signal): Promise<EgressRequest[]> {
  const requests: EgressRequest[] = [];
  const egress = {
    request: async (request: EgressRequest) => {
      requests.push(request);
      return { status: 200, headers: {}, body: new Uint8Array(), url: request.url };
    },
  };
  const capabilities = { ...NO_CAPABILITIES, egress };
  await executor.run(config, attemptWith(capabilities, { signal, attempt: 2, idempotencyKey: "r:n:0" }));
  return requests;
}

test("exactly the methods that may do something twice carry the idempotency key", async () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const sent = await Promise.all(methods.map((method) => asked({ request: { method, url: "https://example.com" } })));
  const keyed = methods.filter((_, index) =>
    sent[index]?.[0]?.headers?.some(([name, value]) => name === "Idempotency-Key" && value === "r:n:0"),
  );
  assert.deepEqual(keyed, ["POST", "PUT", "PATCH", "DELETE"]);
});

test("the signal of the attempt reaches every request, fetched files included", async () => {
  const { signal } = new AbortController();
  const multipart = [{ name: "a", file: ["https://example.com/1", "https://example.com/2"] }];
  const requests = await asked({ request: { method: "POST", url: "https://example.com", body: { multipart } } }, signal);
  assert.deepEqual(
    requests.map((request) => request.method),
    ["GET", "GET", "POST"],
  );
  for (const request of requests) assert.equal(request.signal, signal);
});
