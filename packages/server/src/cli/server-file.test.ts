import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readServerFile, removeServerFile, writeServerFile } from "#cli/server-file";

const dataDir = mkdtempSync(join(tmpdir(), "millrace-server-file-"));
after(() => rmSync(dataDir, { recursive: true }));

const server = { url: "http://127.0.0.1:7788", pid: process.pid, startedAt: 1_790_000_000_000 };

test("what was written is read, until it is removed", () => {
  assert.equal(readServerFile(dataDir), null);
  writeServerFile(dataDir, server);
  assert.deepEqual(readServerFile(dataDir), server);
  removeServerFile(dataDir);
  removeServerFile(dataDir);
  assert.equal(readServerFile(dataDir), null);
});

test("what another process has written meanwhile stays, and processes that write at once leave one of theirs", async () => {
  const other = spawn(process.execPath, ["--eval", "process.stdin.resume()"], { stdio: "pipe" });
  writeServerFile(dataDir, server);
  writeServerFile(dataDir, { ...server, pid: other.pid ?? 0 });
  removeServerFile(dataDir);
  assert.equal(readServerFile(dataDir)?.pid, other.pid);
  assert.deepEqual(readdirSync(dataDir), ["server.json"]);
  const ended = new Promise((resolve) => other.once("exit", resolve));
  other.stdin.end();
  await ended;
  assert.equal(readServerFile(dataDir), null);
});

test("the file of a process that is gone says nothing", async () => {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  writeServerFile(dataDir, { ...server, pid: child.pid ?? 0 });
  assert.equal(readServerFile(dataDir), null);
});

test("half a file, or another one, says nothing", () => {
  for (const text of ["", "{", "[]", '{"url":1}', "null"]) {
    writeFileSync(join(dataDir, "server.json"), text);
    assert.equal(readServerFile(dataDir), null, text);
  }
});
