import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_TENANT } from "#app";
import type { DeliveryKey, DeliveryRow, WebhookTarget } from "#store/webhook-store";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";

const START = Date.UTC(2026, 5, 1);

/** A server whose time is moved by the test, and a receiver on loopback. */
export interface World {
  readonly server: TestServer;
  readonly receiver: Receiver;
  readonly clock: StandingClock;
  /** Invokes with isAsync; resolves with the run's id. */
  start(key: string, webhook: readonly Partial<WebhookTarget>[], input?: object): Promise<string>;
  /** Resolves as soon as the delivery is as wanted. */
  until(runId: string, ordinal: number, wanted: (delivery: DeliveryRow) => boolean): Promise<DeliveryRow>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly timeoutMs?: number;
  /** Default: the receiver and nothing else. */
  readonly egressAllow?: string;
  /** Time at first. */
  readonly start?: number;
}

export async function openWorld({ timeoutMs, egressAllow: allowed, start = START }: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-webhooks-"));
  const receiver = await startReceiver();
  const clock = standingClock(start);
  const egressAllow = allowed ?? `127.0.0.1:${receiver.port}`;
  const open = () =>
    startTestServer({
      dataDir,
      settings: { egressAllow },
      surroundings: { clock, webhooks: timeoutMs === undefined ? {} : { timeoutMs } },
    });
  let server = await open();
  return {
    get server() {
      return server;
    },
    receiver,
    clock,
    start: async (key, webhook, input = {}) => {
      const accepted = await server.invoke(key, { input, isAsync: true, webhook });
      assert.equal(accepted.status, 200, accepted.text);
      return String(accepted.json["workflowRunId"]);
    },
    until: (runId, ordinal, wanted) => untilDelivery(server, { tenantId: DEFAULT_TENANT, runId, ordinal }, wanted),
    reopen: async () => {
      await server.close();
      server = await open();
    },
    close: async () => {
      await server.close();
      receiver.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Looks now, and again whenever the store says that a delivery changed. */
export function untilDelivery({ app }: TestServer, key: DeliveryKey, wanted: (delivery: DeliveryRow) => boolean): Promise<DeliveryRow> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      app.store.webhooks.get(key).then((row) => {
        if (!row || !wanted(row)) return;
        stop();
        resolve(row);
      }, reject);
    };
    const stop = app.store.watch(({ kind }) => kind === "delivery" && look());
    look();
  });
}
