import assert from "node:assert/strict";
import { test } from "node:test";
import { type NewRefusedRequest, REFUSED_REQUESTS } from "#store/request-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";

function refused(values: Partial<NewRefusedRequest> = {}): NewRefusedRequest {
  const about = { path: "/v1/workflow/invoke", workflowId: "w", keyId: "k", status: 400, type: "invalid_input", message: "no" };
  return { at: AT, ...about, requestId: "req_1", ...values };
}

export function requestSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("refused requests are listed newest first, by workflow and by id, page by page, within their tenant", async ({ requests }) => {
    await requests.append(TENANT, [refused(), refused({ requestId: "req_2", workflowId: null })]);
    await requests.append(OTHER_TENANT, [refused({ requestId: "req_3" })]);
    const ids = async (filter: object) => (await requests.list(TENANT, { limit: 10, ...filter })).map(({ requestId }) => requestId);
    assert.deepEqual(await ids({}), ["req_2", "req_1"]);
    assert.deepEqual(await ids({ workflowId: "w" }), ["req_1"]);
    assert.deepEqual(await ids({ requestId: "req_3" }), []);
    const [newest] = await requests.list(TENANT, { limit: 1 });
    const { position, ...row } = newest ?? assert.fail();
    assert.deepEqual(row, refused({ requestId: "req_2", workflowId: null }));
    assert.deepEqual(await ids({ before: position }), ["req_1"]);
  });

  check("so many are kept of a tenant, and the oldest go", async ({ requests }) => {
    const many = Array.from({ length: REFUSED_REQUESTS }, (_, at) => refused({ requestId: `req_${at}` }));
    await requests.append(TENANT, many);
    await requests.append(OTHER_TENANT, [refused()]);
    const oldest = async () => (await requests.list(TENANT, { limit: REFUSED_REQUESTS + 1 })).at(-1)?.requestId;
    assert.equal(await oldest(), "req_0");
    await requests.append(TENANT, [refused()]);
    assert.deepEqual([await oldest(), (await requests.list(OTHER_TENANT, { limit: 5 })).length], ["req_1", 1]);
  });
}
