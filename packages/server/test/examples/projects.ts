import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import type { Clock } from "#clock";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { documentsIn } from "./harness.ts";

/** The projects of the repository, each with a README of its own. */
export const PROJECTS = fileURLToPath(new URL("../../../../examples/", import.meta.url));

/** A server with the workflows of one project, deployed as they are. */
export interface OpenProject {
  readonly server: TestServer;
  /** For every workflow of the project. */
  readonly key: string;
  manage(method: string, path: string, body?: object): Promise<Answer>;
  /** The output of a run that is expected to succeed. */
  outputOf(workflow: string, input: JsonObject): Promise<JsonObject>;
  close(): Promise<void>;
}

export async function openProject(
  name: string,
  { settings, clock }: { readonly settings?: Readonly<Record<string, string>>; readonly clock?: Clock } = {},
): Promise<OpenProject> {
  const server = await startTestServer({ ...(settings && { settings }), ...(clock && { surroundings: { clock } }) });
  const { key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, {});
  const manage: OpenProject["manage"] = (method, path, body) =>
    server.call(method, `/api/v1${path}`, { key: admin, ...(body && { body }) });
  for (const document of documentsIn(join(PROJECTS, name))) {
    const { status, text, json } = await manage("POST", "/deploy", { document, publish: true });
    assert.equal(status, 200, text);
    const [workflow] = json["workflows"] as { warnings?: unknown }[];
    assert.deepEqual(workflow?.warnings ?? [], [], "an example is nothing to be warned of");
  }
  return {
    server,
    key,
    manage,
    outputOf: async (workflow, input) => {
      const { status, text, json } = await server.invoke(key, { input }, { "Millrace-Workflow": workflow });
      assert.equal(status, 200, text.slice(0, 2000));
      assert.equal(json["status"], "SUCCEED", JSON.stringify(json["error"]));
      return json["output"] as JsonObject;
    },
    close: () => server.close(),
  };
}

export function projectFile(name: string, path: string): string {
  return readFileSync(join(PROJECTS, name, path), "utf8");
}

/** The other side of the relay, as its README starts it, on a port of its own. */
export async function startRelayReceiver(): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [join(PROJECTS, "http-relay/receiver.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => reject(new Error(`the receiver ended with ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const [found] = /http:\S+/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, stop: () => void child.kill() };
}
