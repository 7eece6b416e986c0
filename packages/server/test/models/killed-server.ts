import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";

/** Runs a program that dies at the failpoint; what it printed before. */
export async function serveUntilKilled(program: string, failpoint: string, args: readonly string[]): Promise<readonly string[]> {
  const env = { ...process.env, MILLRACE_FAILPOINTS: failpoint };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (text: Buffer) => {
    told += text.toString("utf8");
  });
  const [, signal] = await once(child, "close");
  assert.equal(signal, "SIGKILL");
  return told.trim().split(" ");
}

export async function untilEnded(server: TestServer, key: string, runId: unknown): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (json["endTime"] !== undefined) return json;
  }
}
