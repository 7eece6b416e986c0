import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import type { RunRow } from "#store/store";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";

/** A server whose time is moved by the test, and an admin key for it. */
export interface World {
  readonly server: TestServer;
  readonly clock: StandingClock;
  readonly dataDir: string;
  manage(method: string, path: string, body?: object): Promise<Answer>;
  /** Runs that were begun so, oldest first. */
  runsOf(starterId: string): Promise<readonly RunRow[]>;
  /** Resolves with the schedule as soon as it is as wanted. */
  untilSchedule(id: string, wanted: (schedule: JsonObject) => boolean): Promise<JsonObject>;
  /** Closes the server and starts another one in its data directory, after `meanwhile`. */
  reopen(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(startAt: number, settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-starters-"));
  const clock = standingClock(startAt);
  const open = () => startTestServer({ dataDir, settings, surroundings: { clock } });
  let server = await open();
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  return {
    get server() {
      return server;
    },
    clock,
    dataDir,
    manage: (method, path, body) => server.call(method, `/api/v1${path}`, { key, ...(body && { body }) }),
    runsOf: async (starterId) => (await server.app.store.runs.list(DEFAULT_TENANT, { limit: 200, starterId })).toReversed(),
    untilSchedule: (id, wanted) => untilSchedule(server, key, id, wanted),
    reopen: async (meanwhile) => {
      await server.close();
      await meanwhile?.();
      server = await open();
    },
    close: async () => {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Looks now, and again whenever the store says that a schedule changed. */
function untilSchedule(server: TestServer, key: string, id: string, wanted: (schedule: JsonObject) => boolean): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      server
        .call("GET", `/api/v1/schedules/${id}`, { key })
        .then(({ status, json, text }) => {
          assert.equal(status, 200, text);
          if (!wanted(json)) return;
          stop();
          resolve(json);
        })
        .catch(reject);
    };
    const stop = server.app.store.watch(({ kind }) => kind === "schedule" && look());
    look();
  });
}
