import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { test } from "node:test";
import { CliError } from "#cli/cli-error";
import { serveError } from "#cli/serve/serve-error";
import { loadSettings } from "#config/load-settings";
import { InvalidSetting } from "#config/read-variable";

function listen(server: Server, port: number, host: string): Promise<unknown> {
  return new Promise((resolve) => server.once("error", resolve).listen(port, host, () => resolve(server.address())));
}

async function refused(port: number, host: string): Promise<unknown> {
  const server = createServer();
  const error = await listen(server, port, host);
  assert.ok(error instanceof Error);
  return error;
}

test("an address that cannot be had is told by the variable that names it: the callers' or the worker's", async () => {
  const holder = createServer();
  const { port } = (await listen(holder, 0, "127.0.0.1")) as { port: number };
  const error = await refused(port, "127.0.0.1");
  const told = (variables: { readonly [name: string]: string }, thrown = error) =>
    serveError(thrown, loadSettings(variables, {}, "0.0.0-test").settings, "/");
  const asCallers = told({ MILLRACE_PORT: String(port) });
  assert.ok(asCallers instanceof CliError);
  assert.deepEqual(
    [asCallers.message, asCallers.details.hint],
    [`port ${port} of 127.0.0.1 is taken`, "choose another with --port or MILLRACE_PORT"],
  );
  const asWorkers = told({ MILLRACE_PORT: "0", MILLRACE_WORKER_PORT: String(port) });
  assert.ok(asWorkers instanceof CliError);
  assert.deepEqual(
    [asWorkers.message, asWorkers.details.hint],
    [`port ${port} of 127.0.0.1 is taken`, "choose another with MILLRACE_WORKER_PORT"],
  );
  const unknownHost = told({ MILLRACE_WORKER_HOST: "nowhere.invalid" }, await refused(0, "nowhere.invalid"));
  assert.ok(unknownHost instanceof InvalidSetting);
  assert.match(unknownHost.message, /MILLRACE_WORKER_HOST/);
  await new Promise((resolve) => holder.close(resolve));
});
