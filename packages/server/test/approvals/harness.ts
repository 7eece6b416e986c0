import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApprovalView, JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { MovableClock } from "#testing/clock";
import { drivesItself } from "#testing/run-engine";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

export const HOUR_MS = 3_600_000;

/** A workflow that asks, and ends with what was answered. */
export function asking(name: string, config: JsonObject = {}): JsonObject {
  const ask = { id: "ask", type: "approval", name: "Ask", title: "Refund {{ start.order }}?", timeout: { afterMs: HOUR_MS }, ...config };
  const end = (id: string) => ({
    id,
    type: "end",
    output: { port: id, action: "{{ ask.action }}", form: "{{ ask.form }}", by: "{{ ask.by }}" },
  });
  const nodes = [start({ order: { type: "string", default: "A-17" } }), ask, end("approve"), end("reject"), end("timeout")];
  return document(name, nodes, ["start -> ask", "ask.approve -> approve", "ask.reject -> reject", "ask.timeout -> timeout"]);
}

export const AMOUNT = { properties: { amount: { type: "number", title: "Amount", minimum: 0 } }, required: ["amount"] };

/** A server that can be started again, an admin key, and workflows that ask. */
export class World {
  readonly clock = new MovableClock();
  readonly #dataDir = mkdtempSync(join(tmpdir(), "millrace-approvals-"));
  #server: TestServer | null = null;
  admin = "";
  /** ms by which the wall clock is ahead of every timer: what is due has not been noticed yet. */
  unnoticedMs = 0;

  get server(): TestServer {
    assert.ok(this.#server);
    return this.#server;
  }

  async open(): Promise<void> {
    const { mono, at, soon } = this.clock;
    const clock = { now: () => this.clock.now() + this.unnoticedMs, mono, at, soon };
    this.#server = await startTestServer({ dataDir: this.#dataDir, surroundings: { clock } });
    if (this.admin !== "") return;
    ({ key: this.admin } = await this.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] }));
  }

  async restart(meanwhile: () => void = () => undefined): Promise<void> {
    await this.server.close();
    meanwhile();
    await this.open();
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  call(method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}): Promise<Answer> {
    return this.server.call(method, `/api/v1/approvals${path}`, { key: this.admin, headers, ...(body !== undefined && { body }) });
  }

  decide(id: string, body: object): Promise<Answer> {
    return this.call("POST", `/${id}/decide`, body);
  }

  async read(id: string): Promise<ApprovalView> {
    return (await this.call("GET", `/${id}`)).json as unknown as ApprovalView;
  }

  async list(query = ""): Promise<readonly ApprovalView[]> {
    return (await this.call("GET", query)).json["data"] as unknown as readonly ApprovalView[];
  }

  /** Begins a run; resolves with it and what it asks, once it has asked. */
  async ask(key: string, input: JsonObject = {}): Promise<{ runId: string; id: string }> {
    const { json } = await this.server.invoke(key, { input, isAsync: true });
    const runId = String(json["workflowRunId"]);
    for (;;) {
      const [open] = await this.list(`?run=${runId}`);
      if (open) return { runId, id: open.id };
    }
  }

  /** A run that the Restate server drives sleeps there, and the store knows nothing of it. */
  async asleep(runId: string): Promise<void> {
    if (!drivesItself) return;
    while (!(await this.server.app.store.runs.asleep(DEFAULT_TENANT, runId))) await this.list();
  }

  async ended(key: string, runId: string): Promise<JsonObject> {
    for (;;) {
      const { json } = await this.server.query(key, runId);
      if (json["endTime"] !== undefined) return json;
    }
  }

  async output(key: string, runId: string): Promise<JsonObject> {
    return ((await this.ended(key, runId))["output"] ?? {}) as JsonObject;
  }
}
