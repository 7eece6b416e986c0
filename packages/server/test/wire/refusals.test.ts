import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { WIRE_ERRORS } from "@millrace/contract";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, echo, start } from "#testing/workflows";

let server: TestServer;
let key: string;
const seen = new Set<string>();

before(async () => {
  server = await startTestServer();
  key = (await server.publish(echo)).key;
});
after(() => server.close());

/** W11: what every answer outside 2xx has in common. */
function assertError(answer: Answer, type: keyof typeof WIRE_ERRORS): void {
  const row = WIRE_ERRORS[type];
  assert.equal(answer.status, row.status, answer.text);
  const [code, message] = Object.keys(answer.json);
  assert.deepEqual([code, message], ["code", "message"]);
  assert.equal(answer.json["code"], row.code);
  assert.equal(typeof answer.json["message"], "string");
  assert.equal(answer.json["status"], answer.status);
  assert.equal(answer.json["type"], `/errors/${type}`);
  assert.equal(answer.json["requestId"], answer.headers["x-request-id"]);
  assert.equal(answer.headers["cache-control"], "no-store");
  seen.add(type);
}

test("W11 unknown paths and methods", async () => {
  assertError(await server.call("GET", "/nothing"), "no_route");
  const answer = await server.call("GET", "/v1/workflow/invoke", { key });
  assertError(answer, "method_not_allowed");
  assert.equal(answer.headers["allow"], "POST");
  assert.equal(answer.json["message"], "Use POST.");
});

test("paths are normalised: a leading // and one trailing /", async () => {
  assert.equal((await server.call("POST", "//v1/workflow/invoke/", { key, body: { input: {} } })).status, 200);
  assert.equal((await server.call("POST", "/v1/workflow/invoke?anything=1", { key, body: { input: {} } })).status, 200);
});

test("a body is JSON whatever its type says, and a byte-order mark is no fault", async () => {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  assert.equal((await server.call("POST", "/v1/workflow/invoke", { key, headers, body: `\ufeff{"input":{}}` })).status, 200);
});

const BROKEN: readonly (readonly [string, string | Buffer, "invalid_json" | "invalid_request"])[] = [
  ["nothing", "", "invalid_request"],
  ["half an object", `{"input":{`, "invalid_json"],
  ["two documents", `{"input":{}}{}`, "invalid_json"],
  ["single quotes", `{'input':{}}`, "invalid_json"],
  ["a trailing comma", `{"input":{},}`, "invalid_json"],
  ["a comment", `{"input":{}/**/}`, "invalid_json"],
  ["NaN", `{"input":{"a":NaN}}`, "invalid_json"],
  ["an overflowing number", `{"input":{"a":1e400}}`, "invalid_json"],
  ["a number of 400 digits", `{"input":{"a":${"9".repeat(400)}}}`, "invalid_json"],
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), "invalid_json"],
  ["UTF-16", Buffer.from(`{"input":{}}`, "utf16le"), "invalid_json"],
  ["null", "null", "invalid_request"],
  ["a list", "[]", "invalid_request"],
  ["a text", `"x"`, "invalid_request"],
  ["a number", "0", "invalid_request"],
  ["no input", "{}", "invalid_request"],
  ["an input that is a list", `{"input":[]}`, "invalid_request"],
  ["isAsync as a text", `{"input":{},"isAsync":"true"}`, "invalid_request"],
  ["userId as a number", `{"input":{},"userId":1}`, "invalid_request"],
  ["a userId of 257 characters", `{"input":{},"userId":"${"\u{1f600}".repeat(257)}"}`, "invalid_request"],
];
for (const [what, body, type] of BROKEN) {
  test(`W11 a body that cannot be used: ${what}`, async () => {
    assertError(await server.call("POST", "/v1/workflow/invoke", { key, body }), type);
  });
}

const PLACES: readonly (readonly [body: string, message: string])[] = [
  [`{"input":{"a":"b`, "The body ends before its JSON does, at line 1, column 17: send all of it."],
  [`{"input":{\n  "a": tru`, "The body ends before its JSON does, at line 2, column 11: send all of it."],
  [`{"input":}`, "The body is not valid JSON at line 1, column 10: write it with a JSON library."],
  [`{\n"input": {},\n}`, "The body is not valid JSON at line 3, column 1: write it with a JSON library."],
  [`{"input":{}}{}`, "The body is not valid JSON at line 1, column 13: write it with a JSON library."],
];
for (const [body, message] of PLACES) {
  test(`a body that is no JSON is refused with the place and the fix: ${body}`, async () => {
    for (const path of ["/v1/workflow/invoke", "/api/v1/validate"]) {
      const answer = await server.call("POST", path, { key, headers: { "Content-Type": "application/json" }, body });
      assertError(answer, "invalid_json");
      assert.equal(answer.json["message"], message);
    }
  });
}

test("a userId of 256 code points is accepted", async () => {
  assert.equal((await server.invoke(key, { input: {}, userId: "\u{1f600}".repeat(256) })).status, 200);
});

function nested(depth: number): string {
  return `{"input":{"a":${"[".repeat(depth - 2)}${"]".repeat(depth - 2)}}}`;
}

test("W39 depth 100 is accepted, 101 is refused, and no depth ends the process", async () => {
  assert.equal((await server.call("POST", "/v1/workflow/invoke", { key, body: nested(100) })).status, 200);
  for (const depth of [101, 128, 5_000, 10_000, 1_000_000])
    assertError(await server.call("POST", "/v1/workflow/invoke", { key, body: nested(depth) }), "invalid_json");
  assertError(await server.call("POST", "/v1/workflow/invoke", { key, body: "[".repeat(1_000_000) }), "invalid_json");
  assert.equal((await server.call("GET", "/healthz")).status, 200);
});

test("500,000 values are accepted and 10,000 keys of one object, one more is refused by its name", async () => {
  const values = (count: number) => `{"input":{"value":[${"0,".repeat(count - 4)}0]}}`;
  const keys = (count: number) => `{"input":{"value":{${Array.from({ length: count }, (_, n) => `"k${n}":0`).join(",")}}}}`;
  for (const [body, refused, message] of [
    [values(500_000), values(500_001), "The body holds more than 500000 values."],
    [keys(10_000), keys(10_001), "An object of the body has more than 10000 keys."],
  ] as const) {
    assert.equal((await server.call("POST", "/v1/workflow/invoke", { key, body })).status, 200);
    const answer = await server.call("POST", "/v1/workflow/invoke", { key, body: refused });
    assertError(answer, "invalid_json");
    assert.equal(answer.json["message"], message);
  }
});

test("a name of thousands of characters is nobody's, and no body is an empty one", async () => {
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  assertError(await server.call("GET", `/api/v1/workflows/${"x".repeat(5_000)}`, { key: admin }), "not_found");
  for (const body of ["", "null", "{}"])
    assert.equal((await server.call("PATCH", "/api/v1/workflows/echo", { key: admin, body })).status, 200);
});

test("the header of JSON without a body is no body", async () => {
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const headers = { "Content-Type": "application/json" };
  assertError(await server.call("POST", "/v1/workflow/invoke", { key, headers, body: "" }), "invalid_request");
  assert.equal((await server.call("PATCH", "/api/v1/workflows/echo", { key: admin, headers, body: "" })).status, 200);
  const { row } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  assert.equal((await server.call("DELETE", `/api/v1/keys/${row.id}`, { key: admin, headers, body: "" })).status, 204);
});

test("a list goes on from what its page named, and from nothing else", async () => {
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const page = (query: string) => server.call("GET", `/api/v1/runs?limit=1${query}`, { key: admin });
  await server.invoke(key, { input: {} });
  await server.invoke(key, { input: {} });
  const { json: first } = await page("");
  const { json: second } = await page(`&cursor=${first["nextCursor"]}`);
  assert.notDeepEqual(first["data"], second["data"]);
  for (const cursor of ["undefined", "null", "", "x"]) assertError(await page(`&cursor=${cursor}`), "invalid_request");
});

const LIMIT = 10_485_760;

test("W38 a body of exactly the limit is accepted, one byte more is not, chunked or whole", async () => {
  const frame = `{"input":{"value":""}}`.length;
  const whole = (bytes: number) => `{"input":{"value":"${"x".repeat(bytes - frame)}"}}`;
  const accepted = await server.call("POST", "/v1/workflow/invoke", { key, body: whole(LIMIT) });
  assert.equal(accepted.status, 200, accepted.text.slice(0, 300));
  assertError(await server.call("POST", "/v1/workflow/invoke", { key, body: whole(LIMIT + 1) }), "body_too_large");
  const answer = await chunked(whole(LIMIT + 1));
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.match(answer, /"code":413/);
});

test("who is answered before the body was sent is heard out, so that the answer arrives", async () => {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`POST /v1/workflow/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${LIMIT + 1}\r\n\r\n{`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  assert.match(answer.toString("latin1"), /^HTTP\/1\.1 413 /);
  const closed = once(socket, "close");
  socket.write("x".repeat(LIMIT));
  // true: an error, which whoever still writes is given where the other side has closed.
  assert.deepEqual(await closed, [false]);
});

test("who sends without end is not", async () => {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`POST /v1/workflow/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Length: 1000000000000\r\n\r\n`);
  const chunk = "x".repeat(1_048_576);
  const pour = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", pour);
  pour();
  await closed;
  assert.ok(socket.bytesWritten < 100 * chunk.length, `${socket.bytesWritten} bytes`);
});

/** Sends a body in chunks, without a length, and reads the answer to its end. */
function chunked(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    let answer = "";
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? resolve(answer) : reject(error),
    );
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n\r\n") && answer.endsWith("}")) {
        socket.destroy();
        resolve(answer);
      }
    });
    socket.on("close", () => resolve(answer));
    socket.write(`POST /v1/workflow/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const step = 65_536;
    for (let at = 0; at < body.length; at += step) {
      const part = body.slice(at, at + step);
      socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    }
    socket.write("0\r\n\r\n");
  });
}

test("W11 authentication comes before the body, and a revoked key is none", async () => {
  assertError(await server.call("POST", "/v1/workflow/invoke", { body: "{" }), "unauthorized");
  const { key: other, row } = await server.app.apiKeys.create("default", { workflows: ["echo"] });
  assert.equal((await server.invoke(other, { input: {} })).status, 200);
  await server.app.apiKeys.revoke("default", row.id);
  assertError(await server.invoke(other, { input: {} }), "unauthorized");
});

test("W11 a deleted workflow, a switched-off API, a missing scope, no version", async () => {
  const plain = (name: string) => document(name, [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]);
  const deleted = await server.publish(plain("deleted"));
  await server.app.authoring.delete("default", deleted.id);
  assertError(await server.invoke(deleted.key, { input: {} }), "workflow_deleted");
  const off = await server.publish(plain("off"));
  await server.app.authoring.setApiEnabled("default", off.id, false);
  assertError(await server.invoke(off.key, { input: {} }), "api_disabled");
  assert.equal(
    ((await server.call("GET", "/v1/api-key/verify", { key: off.key })).json["data"] as { api_enabled: boolean }).api_enabled,
    false,
  );
  const reader = await server.publish(plain("readonly"), ["query"]);
  assertError(await server.invoke(reader.key, { input: {} }), "scope");
  const draft = await server.app.authoring.create("default", plain("draftOnly"));
  const { key: draftKey } = await server.app.apiKeys.create("default", { workflows: [draft.id] });
  const answer = await server.invoke(draftKey, { input: {} });
  assertError(answer, "no_published_version");
  assert.equal(answer.json["message"], "workflow has no published version");
});

test("W11 a query without a usable id, and one for an unknown run", async () => {
  for (const id of [undefined, null, 5, "", "x".repeat(129)]) assertError(await server.query(key, id), "invalid_request");
  assertError(await server.query(key, "x".repeat(128)), "not_found");
});

test("W11 an encoded body is refused", async () => {
  assertError(
    await server.call("POST", "/v1/workflow/invoke", { key, headers: { "Content-Encoding": "gzip" }, body: { input: {} } }),
    "invalid_request",
  );
});

test("W11 L31 the management API refuses what it does not know", async () => {
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  assertError(await server.call("POST", "/api/v1/deploy", { key: admin, body: { document: {}, publsh: true } }), "invalid_request");
  assertError(
    await server.call("POST", "/api/v1/deploy", { key: admin, body: { document: { name: "broken" }, publish: true } }),
    "invalid_flow",
  );
  assertError(await server.call("GET", "/api/v1/workflows", { key }), "scope");
  assertError(await server.call("GET", "/api/v1/workflows/none", { key: admin }), "not_found");
  assertError(await server.call("POST", "/api/v1/workflows/echo/promote", { key: admin, body: { version: "9.9.9" } }), "version_unknown");
  assertError(
    await server.call("PUT", "/api/v1/workflows/echo/draft", { key: admin, body: { document: echo, ifRevision: 99 } }),
    "conflict",
  );
  for (const body of ["format: [", ""]) assertError(await server.call("POST", "/api/v1/import", { key: admin, body }), "file_unreadable");
  assertError(
    await server.call("POST", "/api/v1/import", { key: admin, body: { exportType: "BOT", botType: "Flow", name: "x" } }),
    "file_type_mismatch",
  );
});

test("L31: messages follow Accept-Language, codes do not", async () => {
  const texts = new Set<string>();
  for (const language of ["en", "zh-CN", "zh-TW", "ja"]) {
    const answer = await server.call("POST", "/v1/workflow/query/result", {
      key,
      body: { workflowRunId: "none" },
      headers: { "Accept-Language": language },
    });
    assert.equal(answer.json["code"], 40348);
    texts.add(String(answer.json["message"]));
  }
  assert.equal(texts.size, 4);
});

test("answers are plain JSON by name", async () => {
  assert.equal((await server.invoke(key, { input: {} })).headers["content-type"], "application/json");
  assert.equal((await server.call("GET", "/nothing")).headers["content-type"], "application/json");
});

test("a problem document where the caller asks for one", async () => {
  const answer = await server.call("GET", "/nothing", { headers: { Accept: "application/problem+json" } });
  assert.equal(answer.headers["content-type"], "application/problem+json");
});

test("request ids are echoed when they are well formed", async () => {
  assert.equal((await server.call("GET", "/healthz", { headers: { "X-Request-Id": "a.b-c_1" } })).headers["x-request-id"], "a.b-c_1");
  assert.notEqual((await server.call("GET", "/healthz", { headers: { "X-Request-Id": "a b" } })).headers["x-request-id"], "a b");
});

test("W42 bytes that are no HTTP get an answer, and the server goes on", async () => {
  for (const bytes of [
    "hello\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /v1/workflow/invoke HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
  ]) {
    const answer = await raw(bytes);
    assert.match(answer, /^HTTP\/1\.1 400 /, answer);
  }
  assert.equal((await server.call("GET", "/healthz")).status, 200);
});

function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
