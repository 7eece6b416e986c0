import { setImmediate } from "node:timers/promises";
import type { AlertEventView, AlertView, CreateAlertBody } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import type { NewRun, RunSummary } from "#store/store";
import { accepted, FAILED, failed, finished, newRun, SUCCEEDED } from "#store/testing/runs";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";

/** That of the machine: receivers refuse signatures of another time. */
export const NOW = Date.now();
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export interface Ended {
  readonly status: "SUCCEED" | "FAILED";
  readonly endedAt: number;
  readonly tookMs?: number;
  readonly errorType?: string;
  readonly run?: Partial<NewRun>;
}

/** A server whose time the test moves, with a receiver on loopback. */
export interface AlertWorld {
  readonly server: TestServer;
  readonly receiver: Receiver;
  readonly clock: StandingClock;
  readonly admin: string;
  manage(method: string, path: string, body?: object): ReturnType<TestServer["call"]>;
  /** Makes a rule whose channel is this path of the receiver. */
  rule(body: Omit<CreateAlertBody, "channel">, path?: string): Promise<AlertView>;
  /** Puts a run into the store that has ended. */
  ended(run: Ended): Promise<void>;
  /** Moves the time, and resolves when the rule was looked at since. */
  look(id: string, ms?: number): Promise<AlertView>;
  events(id: string): Promise<readonly AlertEventView[]>;
  /** Resolves when the path of the receiver has got so many requests. */
  received(path: string, count: number): Promise<readonly Receiver["received"][number][]>;
  close(): Promise<void>;
}

export async function openAlertWorld(): Promise<AlertWorld> {
  const receiver = await startReceiver();
  const clock = standingClock(NOW);
  const server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` }, surroundings: { clock } });
  const admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
  const manage: AlertWorld["manage"] = (method, path, body) => server.call(method, path, { key: admin, ...(body && { body }) });
  return {
    server,
    receiver,
    clock,
    admin,
    manage,
    rule: async (body, path = "/ops") => {
      const { status, text } = await manage("POST", "/api/v1/alerts", { ...body, channel: { kind: "webhook", url: receiver.url(path) } });
      if (status !== 201) throw new Error(text);
      return JSON.parse(text) as AlertView;
    },
    ended: (run) => putEnded(server, run),
    look: async (id, ms = 30_000) => {
      clock.moveTo(clock.now() + ms);
      for (;;) {
        const alert = (await manage("GET", `/api/v1/alerts/${id}`)).json as unknown as AlertView;
        if (alert.seenAt === clock.now()) return alert;
      }
    },
    events: async (id) => (await manage("GET", `/api/v1/alerts/events?alert=${id}`)).json["data"] as unknown as AlertEventView[],
    received: async (path, count) => {
      while (receiver.at(path).length < count) await setImmediate();
      return receiver.at(path);
    },
    close: async () => {
      await server.close();
      receiver.close();
    },
  };
}

async function putEnded(
  { app }: TestServer,
  { status, endedAt, tookMs = 1_000, errorType = "http_503", run: given }: Ended,
): Promise<void> {
  const run = newRun({ owner: "nobody", acceptedAt: endedAt - tookMs, ...given });
  const times = { startedAt: endedAt - tookMs, endedAt, executionMs: tookMs };
  const summary: RunSummary = status === "SUCCEED" ? { ...SUCCEEDED, ...times } : { ...FAILED, ...times, errorType };
  const end = status === "SUCCEED" ? finished({}, endedAt) : failed(endedAt);
  await app.store.runs.accept(DEFAULT_TENANT, run, [accepted(run), end], summary);
}
