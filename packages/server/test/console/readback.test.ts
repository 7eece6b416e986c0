import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { fillPath, isJsonObject, type Json, type JsonObject, pathParameters, ROUTES, type Route } from "@millrace/contract";
import { type Browser, tokenOf } from "#testing/browser";
import { owner } from "#testing/chromium";
import { type Receiver, startReceiver } from "#testing/receiver";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { ofTheFile } from "#testing/store-database";
import { document, start } from "#testing/workflows";
import { leaky, sayAgain } from "./leaky.ts";

// Every question that a page of the console can ask is asked of a server that has used its secrets: none is answered with one.

/** Each where a value goes in that is never to come out; with what JSON, URLs and base64 write in other ways. */
const CANARIES = {
  secret: "canary/5d1e77+of a secret",
  connection: "canary/9b2c43+of a connection",
  model: "canary/0c77ab+of a model",
  hook: "canary/e1f2a3+of a hook",
  password: "canary/77aa10+of a member",
  receiver: "canary/31c0de+of a receiver",
} as const;

/** How a value may be written in an answer; base64 packs three bytes into four characters, so it may lie in three ways. */
function spellings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const packed = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]).toString("base64");
    return text.slice(4, 4 * Math.floor((before + bytes.length) / 3));
  });
  const inUrls = packed.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), bytes.toString("hex"), ...packed, ...inUrls];
}

/** What a caller sets for its own receiver is told to nobody, but kept as it was sent. */
const { receiver: _, ...SEALED } = CANARIES;

/** Bytes are read as they are: an archive is no UTF-8. */
function holdsNone(bytes: Buffer | string, what: string, canaries: object = CANARIES): void {
  const text = typeof bytes === "string" ? bytes : bytes.toString("latin1");
  for (const form of Object.values(canaries).flatMap(spellings)) assert.ok(!text.includes(form), `${what} answers ${form}`);
}

const ASKED_FIRST = document(
  "asked first",
  [start({}), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: {} }],
  ["start -> ask", "ask.approve -> end"],
);

const TOOLS = {
  openapi: "3.1.0",
  info: { title: "CRM", version: "1.4.0" },
  paths: { "/members": { get: { operationId: "listMembers" } } },
};
const JSON_BODY = { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" };

const READ = (route: Route) => route.method === "GET" && route.path.startsWith("/api/");
/** On PostgreSQL the server makes no backup. */
const OF_FILES = new Set(["listBackups", "getBackup"]);
const routes = (ROUTES as readonly Route[]).filter((route) => READ(route) && !(ofTheFile.skip && OF_FILES.has(route.id)));
const isStream = ({ responses }: Route) => responses[200]?.contentTypes?.includes("text/event-stream") ?? false;

let server: TestServer;
let receiver: Receiver;
let person: Browser;
/** Begins a run that uses the secrets. */
let invoke: (path: string) => Promise<string>;
/** Real ones of what each parameter of a path names; the first is of what used the secrets. */
const ids = new Map<string, readonly string[]>();

async function made(method: string, path: string, body?: JsonObject): Promise<Answer> {
  const answer = await person.call(method, `/api/v1/${path}`, body && { body });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer;
}

const rows = ({ json }: Answer): readonly JsonObject[] => (json["data"] as readonly Json[]).filter(isJsonObject);
const idOf = ({ json }: Answer): string => String(json["id"]);

before(async () => {
  receiver = await startReceiver();
  sayAgain(receiver, ({ url, headers }, path, nth) => {
    const sent = String(headers["authorization"] ?? "");
    const body = `${url} ${JSON.stringify(headers)} ${receiver.at(path)[nth]?.body} ${sent}`;
    return { header: encodeURIComponent(body), body };
  });
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` } });
  person = await owner(server);
  await useAll();
});
after(async () => {
  await server.close();
  receiver.close();
});

/** Puts every secret where it is used, uses it, and lets all that a path can name come of it. */
async function useAll(): Promise<void> {
  await made("PUT", "secrets/API_TOKEN", { value: CANARIES.secret });
  const basic = { type: "basic", username: "me", value: CANARIES.connection };
  await made("PUT", "connections/hooks", { baseUrl: receiver.url("/"), credential: basic });
  const key = { type: "bearer", value: CANARIES.model };
  await made("PUT", "connections/models", { provider: "openai-compatible", baseUrl: receiver.url("/v1"), credential: key });
  const { id: workflow, key: caller } = await server.publish(leaky(receiver.url("")));
  const told = new Promise<void>((resolve) =>
    receiver.answer("/told", (response, nth) => void response.end("ok", () => nth === 1 && resolve())),
  );
  invoke = async (path) => {
    const webhook = [{ method: "POST", url: receiver.url("/told"), headers: { "X-Receiver": CANARIES.receiver } }];
    const { json, text } = await server.invoke(caller, { input: { path }, isAsync: true, webhook });
    assert.ok(json["workflowRunId"], text);
    return String(json["workflowRunId"]);
  };
  const runs = [await invoke("/well"), await invoke("/badly")];
  await told;
  const [run = ""] = runs;
  const draft = await made("GET", `workflows/${workflow}`);
  const saved = {
    document: { ...leaky(receiver.url("")), description: "saved" },
    ifRevision: draft.json["revision"] ?? 0,
    editor: "tab-1",
  };
  await made("PUT", `workflows/${workflow}/draft`, saved);
  await made("PUT", "tools/crm", { connection: "hooks", document: JSON.stringify(TOOLS) });
  await server.publish(ASKED_FIRST);
  const asks = await made("POST", "workflows/asked%20first/draft/runs", {});
  await untilTold(`/api/v1/runs/${String(asks.json["workflowRunId"])}/events`, "waiting");
  const base = await made("POST", "knowledge", { name: "handbook", language: "en" });
  const text = "Leave is thirty days.";
  const leave = await made("POST", "knowledge/handbook/documents", { name: "leave.md", text });
  const schedule = await made("POST", "schedules", { workflow, cron: "30 6 * * MON-FRI", input: { path: "/well" } });
  const hook = await made("POST", "hooks", { workflow, verification: { kind: "hmac", secret: CANARIES.hook } });
  const channel = { kind: "webhook", url: receiver.url("/alerts") };
  const alert = await made("POST", "alerts", { kind: "failure_rate", workflow, threshold: 5, channel });
  const share = await made("POST", `runs/${run}/shares`, { expiresInHours: 24 });
  const job = await made("POST", "bulk-jobs", { action: "replay", filter: { workflow, status: "FAILED" }, version: "live" });
  const { json: invited } = await made("POST", "invitations", { email: "grace@team.example", role: "viewer" });
  const accepted = { token: tokenOf(String(invited["url"])), name: "Grace", password: CANARIES.password };
  const { status } = await server.call("POST", "/api/v1/invitations/accept", { body: accepted, headers: JSON_BODY });
  assert.equal(status, 200);
  const deliveries = rows(await made("GET", `webhooks/deliveries?run=${run}`));
  const values = ((await made("GET", `runs/${run}`)).json["nodes"] as readonly JsonObject[]).flatMap((trace) => [
    trace["value"],
    trace["inputValue"],
  ]);
  for (const [name, given] of Object.entries({
    workflow: [workflow],
    version: ["1.0.0"],
    entry: rows(await made("GET", `workflows/${workflow}/draft/history`)).map((row) => String(row["entry"])),
    run: runs,
    value: ["input", "output", ...values.filter((value) => typeof value === "string")],
    token: [String(share.json["url"]).split("/").at(-1) ?? ""],
    job: [idOf(job)],
    schedule: [idOf(schedule)],
    hook: [idOf(hook)],
    approval: rows(await made("GET", "approvals")).map(({ id }) => String(id)),
    delivery: deliveries.map(({ id }) => String(id)),
    connection: ["hooks", "models"],
    base: [idOf(base)],
    document: [idOf(leave)],
    alert: [idOf(alert)],
    collection: ["crm"],
  }))
    ids.set(name, given);
}

/** Follows a stream until it has told this, and resolves with all that it told. */
async function untilTold(path: string, wanted: string, opened: () => Promise<unknown> = async () => {}): Promise<string> {
  const ending = new AbortController();
  const headers = { Cookie: person.cookie, "Sec-Fetch-Site": "same-origin" };
  const answer = await fetch(`http://${person.host}${path}`, { headers, signal: ending.signal });
  assert.equal(answer.status, 200, path);
  assert.ok(answer.body);
  await opened();
  let told = "";
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    told += text;
    if (told.includes(wanted)) break;
  }
  assert.ok(told.includes(wanted), `${path} told ${told}`);
  ending.abort();
  return told;
}

interface Asked {
  readonly path: string;
  /** Not every run has every value. */
  readonly isThere: boolean;
}

/** Every request of a route with the ids that there are. */
function requestsOf({ path }: Route): readonly Asked[] {
  let all: readonly { readonly values: Readonly<Record<string, string>>; readonly isThere: boolean }[] = [{ values: {}, isThere: true }];
  const names = pathParameters(path);
  for (const name of names) {
    const given = ids.get(name) ?? [];
    assert.ok(given.length > 0, `no ${name} for ${path}`);
    const isLast = name === names.at(-1);
    all = all.flatMap(({ values, isThere }) =>
      given.map((value, at) => ({ values: { ...values, [name]: value }, isThere: isThere && (isLast || at === 0) })),
    );
  }
  return all.map(({ values, isThere }) => ({ path: fillPath(path, values), isThere }));
}

/** What changes what a route answers, beside the ids. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  getRun: ["", "?preview=true"],
  listRuns: ["", "?limit=100"],
  diffVersions: ["", "?from=1.0.0&to=draft"],
};

test("the canaries are where they are used, and would be found in whatever spelling", () => {
  assert.ok(receiver.received.some(({ headers }) => headers["x-token"] === CANARIES.secret));
  assert.ok(receiver.received.some(({ headers }) => headers["x-receiver"] === CANARIES.receiver));
  const pair = Buffer.from(`me:${CANARIES.connection}`).toString("base64");
  assert.ok(receiver.received.some(({ headers }) => headers.authorization === `Basic ${pair}`));
  for (const text of [pair, JSON.stringify(CANARIES.hook), encodeURIComponent(CANARIES.model)]) assert.throws(() => holdsNone(text, "it"));
});

test("C50: no question of the management API is answered with a secret that the server holds", async () => {
  for (const route of routes.filter((one) => !isStream(one) && !OF_FILES.has(one.id)))
    for (const { path, isThere } of requestsOf(route))
      for (const query of QUERIES[route.id] ?? [""]) {
        const answer = await person.call("GET", path + query);
        if (isThere) assert.equal(answer.status, 200, `${route.id} ${path} ${answer.text}`);
        holdsNone(answer.text + JSON.stringify(answer.headers), `${route.id} ${path}`);
      }
});

test("C50: no stream tells a secret while a run uses it and its webhook is sent", async () => {
  const followed = new Map<string, () => Promise<string>>([
    ["events", () => untilTold("/api/v1/events", '"FAILED"', () => invoke("/badly"))],
    ["followAnyRun", async () => untilTold(`/api/v1/runs/${await invoke("/badly")}/events`, '"FAILED"')],
    ["listenToWebhooks", () => untilTold("/api/v1/webhooks/listen", "event: delivery", () => invoke("/well"))],
  ]);
  assert.deepEqual(
    [...followed.keys()].sort(),
    routes
      .filter(isStream)
      .map(({ id }) => id)
      .sort(),
  );
  for (const [id, follow] of followed) holdsNone(await follow(), id);
});

test("C50: a backup that is saved from the console holds no secret as it is written", ofTheFile, async () => {
  await made("POST", "system/backups");
  const [backup] = await allDone();
  const answer = await fetch(`http://${person.host}${fillPath("/api/v1/system/backups/{backup}", { backup: String(backup?.["name"]) })}`, {
    headers: { Cookie: person.cookie, "Sec-Fetch-Site": "same-origin" },
  });
  assert.equal(answer.status, 200);
  const archive = gunzipSync(Buffer.from(await answer.arrayBuffer()));
  assert.ok(archive.includes("API_TOKEN"), "the name of the secret is in it");
  holdsNone(archive, "getBackup", SEALED);
});

/** The backups that there are, once none is being made. */
async function allDone(): Promise<readonly JsonObject[]> {
  for (;;) {
    const answer = await made("GET", "system/backups");
    holdsNone(answer.text, "listBackups");
    if (answer.json["running"] === undefined) return rows(answer);
    await new Promise(setImmediate);
  }
}
