import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "@millrace/contract";
import { parse } from "yaml";
import { DEFAULT_TENANT, type Surroundings } from "#app";
import { isTestFile } from "#cli/workflow-files";
import { startModelServer } from "#testing/model-server";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { connectModels, MODEL } from "../models/harness.ts";

export const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;

/** A server as its owner would have it: the examples are published as they are, and the default model is all that differs. */
export interface ExampleWorld {
  readonly server: TestServer;
  /** null: the server has no connection, and asks nobody. */
  readonly models: LLMock | null;
  manage(method: string, path: string, body?: unknown): Promise<Answer>;
  /** With the workflows beside it; a key for the one that it is about. `root`: the folder that it is in, absent: that of the templates. */
  publish(example: string, root?: string): Promise<string>;
  /** A run that is expected to succeed. */
  run(example: string, input: JsonObject): Promise<JsonObject>;
  close(): Promise<void>;
}

/** `allow`: what workflows may call. */
export async function openExamples(on: "offline" | "model server", allow: string, surroundings: Surroundings = {}): Promise<ExampleWorld> {
  const models = on === "offline" ? null : await startModelServer();
  const egressAllow = [allow, ...(models ? [new URL(models.url).host] : [])].join(",");
  const server = await startTestServer({ settings: { egressAllow, ...(models && { defaultModel: MODEL }) }, surroundings });
  if (models) await connectModels(server, models.url);
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const manage: ExampleWorld["manage"] = (method, path, body) =>
    server.call(method, `/api/v1${path}`, { key, ...(body !== undefined && { body }) });
  const deploy = async (document: JsonObject): Promise<string> => {
    const { json, text, status } = await manage("POST", "/deploy", { document, publish: true });
    assert.equal(status, 200, text);
    const [workflow] = json["workflows"] as { id: string; warnings?: unknown }[];
    assert.deepEqual(workflow?.warnings ?? [], [], "an example is nothing to be warned of");
    return workflow?.id ?? "";
  };
  const publish = async (example: string, root = EXAMPLES) => {
    const ids = new Map<string, string>();
    for (const document of documentsIn(join(root, example))) ids.set(String(document["name"]), await deploy(document));
    const own = example.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return (await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [ids.get(own) ?? ""] })).key;
  };
  return {
    server,
    models,
    manage,
    publish,
    run: async (example, input) => {
      const { json, text } = await server.invoke(await publish(example), { input });
      assert.equal(json["status"], "SUCCEED", text);
      return json;
    },
    close: async () => {
      await server.close();
      await models?.stop();
    },
  };
}

/** The workflows in `flows` of a project's folder. */
export function documentsIn(folder: string): readonly JsonObject[] {
  const flows = join(folder, "flows");
  const files = readdirSync(flows).filter((file) => !isTestFile(file));
  return files.map((file) => parse(readFileSync(join(flows, file), "utf8")) as JsonObject);
}

/** The knowledge that the example `document-answers` reads, once it can be found. */
export async function addHandbook({ manage }: Pick<ExampleWorld, "manage">): Promise<void> {
  assert.equal((await manage("POST", "/knowledge", { name: "handbook" })).status, 201);
  const document = { name: "handbook.md", text: fileOf("document-answers", "knowledge/handbook.md") };
  const { json: added } = await manage("POST", "/knowledge/handbook/documents", document);
  for (;;) {
    const { json } = await manage("GET", `/knowledge/handbook/documents/${String(added["id"])}`);
    if (json["state"] === "indexed") return;
    assert.equal(json["state"], "waiting", JSON.stringify(json));
  }
}

function fileOf(example: string, path: string): string {
  return readFileSync(join(EXAMPLES, example, path), "utf8");
}
