import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DEFAULT_TENANT } from "#app";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { ofTheFile } from "#testing/store-database";

// A change and the row of the audit log that tells of it are one commit: killed between them, both are there or neither is.

interface Case {
  readonly route: string;
  /** The verb of the store that makes the change. */
  readonly verb: string;
  isDone(server: TestServer): Promise<boolean>;
  /** What was asked for is kept elsewhere, and comes about after a death. */
  readonly isKept?: boolean;
}

const CASES: readonly Case[] = [
  {
    route: "createKey",
    verb: "createKey",
    isDone: async ({ app }) => (await app.store.keys.list(DEFAULT_TENANT)).some(({ name }) => name === "made"),
  },
  {
    route: "inviteMember",
    verb: "invite",
    isDone: async ({ app }) => (await app.operators.members.invitations(DEFAULT_TENANT)).length > 0,
  },
  {
    route: "acceptInvitation",
    verb: "acceptInvitation",
    isDone: async ({ app }) => (await app.store.members.findByEmail(DEFAULT_TENANT, "y@team.example")) !== null,
  },
  {
    route: "deleteWorkflow",
    verb: "deleteWorkflow",
    isDone: async ({ app }) => (await app.store.workflows.list(DEFAULT_TENANT, { limit: 9 })).length === 0,
  },
  {
    route: "cancelOneRun",
    // A database that joins changes writes behind the end that the run's holder knows.
    verb: ofTheFile.skip ? "extend" : "append",
    isDone: async ({ app }) => (await app.store.runs.list(DEFAULT_TENANT, { limit: 9 }))[0]?.status === "FAILED",
    isKept: !drivesItself,
  },
  {
    route: "decideApproval",
    verb: ofTheFile.skip ? "extend" : "append",
    isDone: async ({ app }) => (await app.store.approvals.list(DEFAULT_TENANT, { limit: 9 }))[0]?.status === "DECIDED",
    isKept: !drivesItself,
  },
];

for (const { route, verb, isDone, isKept = false } of CASES)
  for (const [failpoint, isThere] of [
    [`audit.afterChange[${verb}]`, isKept],
    [`audit.afterCommit[${route}]`, true],
  ] as const)
    test(`${route}, killed at ${failpoint}: ${isThere ? "the change and its row are there" : "neither the change nor its row is there"}`, async (t) => {
      const dataDir = mkdtempSync(join(tmpdir(), "millrace-audit-"));
      const program = fileURLToPath(new URL("killed-audit.ts", import.meta.url));
      const env = { ...process.env, MILLRACE_FAILPOINTS: `${failpoint}:kill` };
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, dataDir, route], {
        env,
        stdio: ["ignore", "ignore", "inherit"],
      });
      assert.deepEqual(await once(child, "exit"), [null, "SIGKILL"]);
      const server = await startTestServer({ dataDir });
      t.after(async () => {
        await server.close();
        rmSync(dataDir, { recursive: true, force: true });
      });
      while (isKept && !(await isDone(server)));
      const rows = await server.app.store.audit.list(DEFAULT_TENANT, { limit: 9, action: route });
      assert.deepEqual([await isDone(server), rows.map(({ result }) => result)], [isThere, isThere ? ["done"] : []]);
    });
