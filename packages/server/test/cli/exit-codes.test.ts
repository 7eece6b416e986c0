import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { EXIT, type ExitName, exitOf } from "#cli/exit-codes";
import { failing, slow } from "#testing/workflows";
import { errorOf, Project } from "./harness.ts";

/** Answers every request with one status: a server that is in a bad way. */
async function answering(status: number, headers: Record<string, string> = {}): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A loopback port that nobody listens on. */
async function closedUrl(): Promise<string> {
  const { server, url } = await answering(200);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

describe("exit codes", () => {
  let project: Project;
  let newer: Project;
  before(async () => {
    project = new Project();
    project.write("flows/slow.json", slow);
    project.write("flows/failing.json", failing);
    project.write("bad.yaml", "format: millrace/2\n");
    await project.dev();
    newer = new Project();
    await (await newer.dev()).end();
    const database = new DatabaseSync(newer.path(".millrace/millrace.db"));
    database.exec("PRAGMA user_version = 9999");
    database.close();
  });
  after(async () => {
    await project.dispose();
    await newer.dispose();
  });

  /** One command a code; each failing one leaves stdout empty and tells its error in one line of JSON. */
  const TABLE: {
    readonly [Name in Exclude<ExitName, "interrupted">]: () => Promise<readonly [args: readonly string[], env?: Record<string, string>]>;
  } = {
    ok: async () => [["version"]],
    unknown: async () => [["workflows", "list"], { MILLRACE_ENDPOINT: await closedUrl() }],
    usage: async () => [["workflows", "list", "--colour"]],
    no: async () => [["validate", "bad.yaml"]],
    auth: async () => [["workflows", "list"], { MILLRACE_API_KEY: "mr_nobody" }],
    notFound: async () => [["runs", "get", "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10"]],
    version: async () => [["dev", "--port", "0"]],
    limited: async () => [["workflows", "list"], { MILLRACE_ENDPOINT: limiting.url }],
    timeout: async () => [["invoke", "slow", "-i", "ms=3000", "--wait=20ms"]],
    conflict: async () => [["dev", "--port", "0"]],
  };

  let limiting: Awaited<ReturnType<typeof answering>>;
  before(async () => {
    limiting = await answering(429, { "Retry-After": "7" });
  });
  after(() => limiting.server.close());

  for (const [name, make] of Object.entries(TABLE) as [keyof typeof TABLE, (typeof TABLE)["ok"]][]) {
    test(`L9 L10: ${EXIT[name]} ${name}`, async () => {
      const [args, env = {}] = await make();
      const where = name === "version" ? newer : project;
      const result = await where.run([...args, "--json"], { env });
      assert.equal(result.status, EXIT[name], result.stderr);
      if (name === "ok") return;
      assert.equal(result.stdout, "");
      const error = errorOf(result);
      for (const member of ["type", "code", "message", "hint", "httpStatus", "requestId"]) assert.ok(member in error, member);
    });
  }

  test("a rate limit prints Retry-After", async () => {
    const { stderr } = await project.run(["workflows", "list"], { env: { MILLRACE_ENDPOINT: limiting.url } });
    assert.match(stderr, /^retry_after: 7$/m);
  });

  test("L9: every HTTP status has a code of the table", () => {
    const codes = new Set<number>(Object.values(EXIT));
    for (let status = 100; status < 600; status++) assert.ok(codes.has(exitOf(status)), String(status));
    const expected = { 400: 2, 401: 4, 402: 7, 403: 4, 404: 5, 405: 2, 409: 9, 413: 2, 422: 2, 429: 7, 500: 1, 503: 1 };
    for (const [status, code] of Object.entries(expected)) assert.equal(exitOf(Number(status)), code, status);
  });

  test("a server that is none, and one that fails, end with 1", async () => {
    const failed = await answering(500);
    const html = createServer((_request, response) => response.end("<html>"));
    await new Promise<void>((resolve) => html.listen(0, "127.0.0.1", resolve));
    const urls = [failed.url, `http://127.0.0.1:${(html.address() as AddressInfo).port}`];
    for (const url of urls) assert.equal((await project.run(["workflows", "list", "--endpoint", url])).status, 1, url);
    failed.server.close();
    html.close();
  });

  test("a database that is not there, and what is done to files alone, say what to do", async () => {
    const env = {
      MILLRACE_DATABASE_URL: `postgres://nobody@${new URL(await closedUrl()).host}/nothing`,
      MILLRACE_DATA_DIR: newer.path("none"),
    };
    const away = await project.run(["start", "--port", "0", "--json"], { env });
    assert.deepEqual([away.status, away.stdout, errorOf(away).type], [1, "", "database_unreachable"]);
    assert.match(String(errorOf(away).hint), /^start it, or correct MILLRACE_DATABASE_URL$/);
    const backup = await project.run(["backup", "copy.tgz", "--json"], { env });
    assert.deepEqual([backup.status, backup.stdout, errorOf(backup).type], [2, "", "data_in_postgres"]);
    assert.deepEqual(
      [errorOf(backup).message, errorOf(backup).hint],
      ["MILLRACE_DATABASE_URL is set: the data is in PostgreSQL, and not in the data directory", "pg_dump writes a copy of it"],
    );
  });

  test("a server that does not answer in time ends with 1", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const result = await project.run(["workflows", "list", "--endpoint", url, "--timeout", "100ms", "--json"]);
    silent.closeAllConnections();
    silent.close();
    assert.deepEqual([result.status, errorOf(result).type], [1, "timeout"]);
  });
});
