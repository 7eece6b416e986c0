import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { advice, todayNews } from "#testing/workflows";

// W1: the requests of the four published pages, verbatim but for key and host, in both forms of authentication.

let server: TestServer;
let news: { key: string };
let first: { key: string };

before(async () => {
  server = await startTestServer();
  news = await server.publish(todayNews);
  first = await server.publish(advice);
});
after(() => server.close());

const RUN_KEYS = [
  "workflowId",
  "workflowName",
  "workflowVersion",
  "workflowRunId",
  "input",
  "output",
  "workflowExecutionTime",
  "status",
  "totalCost",
  "totalTokens",
  "startTime",
  "endTime",
];

/** As the pages of 2025-09 print it, with the parameters of their sample answer. */
const ASYNC_SAMPLE = `{
"userId": "<your_user_id>",
"input": {
"topic": "News"
},
"isAsync": true,
"webhook": [
{
"method": "POST",
"url": "https://example-1.com",
"headers": {
"Accept": "application/json",
"Authorization": "Bearer <your_token>"
}
},
{
"method": "GET",
"url": "https://example-2.com?fr=google",
"headers": {
"Accept": "application/json",
"Authorization": "Bearer <your_token>"
}
}
]
}`;

test("W1 2025-04: raw key, userId and input only", async () => {
  const body = `{\n"userId": "<your_user_id>",\n"input": {\n"input": "What should I do after a breakup?"\n}\n}`;
  const answer = await server.call("POST", "/v1/workflow/invoke", {
    headers: { Authorization: first.key, "Content-Type": "application/json" },
    body,
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), RUN_KEYS);
  assert.deepEqual(answer.json["input"], { input: "What should I do after a breakup?" });
  assert.deepEqual(answer.json["output"], { output: "About: What should I do after a breakup?" });
  assert.equal(answer.json["status"], "SUCCEED");
});

for (const form of ["Bearer ", ""]) {
  test(`W1 2025-09: the asynchronous sample with ${form === "" ? "a raw key" : "Bearer"}`, async () => {
    const headers = { Authorization: form + news.key, "Content-Type": "application/json" };
    const answer = await server.call("POST", "/v1/workflow/invoke", { headers, body: ASYNC_SAMPLE });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.json), ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"]);
    assert.equal(answer.json["status"], "PENDING");
  });

  test(`W1 2025-09: the synchronous form and the query with ${form === "" ? "a raw key" : "Bearer"}`, async () => {
    const headers = { Authorization: form + news.key, "Content-Type": "application/json" };
    const answer = await server.call("POST", "/v1/workflow/invoke", { headers, body: { userId: "u", input: { topic: "News" } } });
    assert.deepEqual(Object.keys(answer.json), RUN_KEYS);
    const queried = await server.call("POST", "/v1/workflow/query/result", {
      headers,
      body: `{\n"workflowRunId": "${answer.json["workflowRunId"]}"\n}`,
    });
    assert.equal(queried.status, 200);
    assert.deepEqual(Object.keys(queried.json), RUN_KEYS);
    assert.equal(queried.text, answer.text);
  });
}
