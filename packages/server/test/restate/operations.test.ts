import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freePorts } from "#testing/restate-server";
import { Project } from "../cli/harness.ts";
import { RestateHouse, skip } from "./house.ts";

describe("a Restate server, for whoever runs it", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  const project = new Project();
  before(() => house.open());
  after(async () => {
    await house.close();
    await project.dispose();
  });

  /** Of a command. */
  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    MILLRACE_PORT: "0",
    MILLRACE_DATABASE_URL: house.databaseUrl,
    MILLRACE_SECRET_KEY: house.secretKey,
    MILLRACE_ENGINE: "restate",
    MILLRACE_RESTATE_URL: house.restate.ingress,
    MILLRACE_RESTATE_ADMIN_URL: house.restate.admin,
    ...more,
  });

  test("a server without the database or the address of the engine does not start, and says what lacks", async () => {
    const lacking = async (name: string, expected: RegExp) => {
      const { status, stderr } = await project.run(["start"], { env: environment({ [name]: "" }) });
      assert.notEqual(status, 0);
      assert.match(stderr, expected);
    };
    await lacking(
      "MILLRACE_DATABASE_URL",
      /MILLRACE_ENGINE: "restate" is not valid; expected embedded, unless MILLRACE_DATABASE_URL is set/,
    );
    await lacking("MILLRACE_RESTATE_URL", /MILLRACE_ENGINE: "restate" is not valid; expected embedded, unless MILLRACE_RESTATE_URL is set/);
  });

  test("an engine that is not there at the start is told of once, and used as soon as it is there", async () => {
    await house.restate.kill();
    const starting = project.start(["start", "--port", "0"], {
      env: environment({ MILLRACE_LOG_LEVEL: "info", MILLRACE_WORKER_PORT: "0" }),
    });
    const [url] = await starting.seen(/http:\/\/127\.0\.0\.1:\d+/);
    await starting.seen(/the Restate server does not work/);
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    await house.restate.start();
    await starting.seen(/the Restate server works/);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const said = (starting.stdout() + starting.stderr()).match(/the Restate server does not work/g);
    assert.equal(said?.length, 1);
    await starting.end();
  });

  describe("millrace doctor", () => {
    const doctor = (more: Readonly<Record<string, string>> = {}) => project.run(["doctor"], { env: environment(more) });
    const fault = async (expected: RegExp, more: Readonly<Record<string, string>> = {}) => {
      const { status, stdout, stderr } = await doctor(more);
      assert.deepEqual([status, stdout], [3, ""], stderr);
      assert.match(stderr, expected);
    };

    test("says of an engine that is away what lacks, and what it keeps the server from", async () => {
      const starting = project.start(["start", "--port", "0"], { env: environment({ MILLRACE_WORKER_PORT: "0" }) });
      const [url] = await starting.seen(/http:\/\/127\.0\.0\.1:\d+/);
      await house.restate.kill();
      while ((await fetch(`${url}/readyz`)).status !== 503) await new Promise((resolve) => setTimeout(resolve, 10));
      await fault(
        /^ {2}server: The server is not ready: engine → read its log\n {2}engine: the Restate server cannot be reached: .* → start it, or correct MILLRACE_RESTATE_URL$/m,
      );
      await house.restate.start();
      await starting.end();
    });

    test("is silent where the engine works, before a worker and with one", async () => {
      assert.deepEqual(await doctor(), { status: 0, stdout: "", stderr: "" });
      const worker = await house.server({ role: "worker" });
      assert.deepEqual(await doctor({ MILLRACE_ROLE: "api" }), { status: 0, stdout: "", stderr: "" });
      await worker.close();
    });

    test("says that no worker does anything", () =>
      fault(/^ {2}engine: no worker does what the Restate server asks within 5 s → start a process with MILLRACE_ROLE all or worker/m, {
        MILLRACE_ROLE: "api",
      }));

    test("says which node is not there, and what is no Restate server", async () => {
      const [port] = await freePorts(1);
      await fault(
        new RegExp(
          `^ {2}engine: the Restate server cannot be reached: .* \\(http://127.0.0.1:${port}/.*\\) → start it, or correct MILLRACE_RESTATE_URL$`,
          "m",
        ),
        { MILLRACE_RESTATE_URL: `${house.restate.ingress},http://127.0.0.1:${port}` },
      );
      await fault(
        /^ {2}engine: http.*\/version was answered with 4\d\d → correct MILLRACE_RESTATE_ADMIN_URL: no Restate server answers there$/m,
        {
          MILLRACE_RESTATE_ADMIN_URL: house.restate.ingress,
        },
      );
    });
  });
});
