import assert from "node:assert/strict";
import type { ImportAnswer, Json, JsonObject } from "@millrace/contract";
import { edge, flow, input, node, output, reference } from "#flow/testing/flows";
import type { TestServer } from "#testing/server";
import { MODEL } from "../models/harness.ts";

/** A plugin of the vendor's, as a person of this server imports it: a collection of tools of the plugin's id. */
export const PLUGIN = "67457bd89f4f8a0a1b2c3d4e";

const ID = { name: "id", in: "path", required: true, schema: { type: "integer" } };
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Members", version: "1" },
  paths: {
    "/members/{id}": {
      get: { operationId: "getMember", summary: "Reads a member.", parameters: [ID] },
      delete: { operationId: "removeMember", summary: "Removes a member.", parameters: [ID] },
    },
  },
};

export interface Operator {
  readonly server: TestServer;
  /** A key that may administrate. */
  readonly admin: string;
}

async function done({ server, admin }: Operator, method: string, path: string, body: unknown): Promise<JsonObject> {
  const { status, json, text } = await server.call(method, `/api/v1${path}`, { key: admin, body });
  assert.ok(status < 300, text);
  return json;
}

/** Makes the plugin's tools known: operations of a service at `url`. */
export async function importPlugin(operator: Operator, url: string): Promise<void> {
  await done(operator, "PUT", "/connections/members", { baseUrl: url, credential: { type: "bearer", value: "token-4711" } });
  await done(operator, "PUT", `/tools/${PLUGIN}`, { document: JSON.stringify(DOCUMENT), connection: "members" });
}

export async function importFile(operator: Operator, file: Json): Promise<ImportAnswer> {
  return (await done(operator, "POST", "/import?publish=true", JSON.stringify(file))) as unknown as ImportAnswer;
}

/** START, an LLM node with plugins, and END with all of its outputs. */
export function pluginFlow(name: string, param: JsonObject, outputs: readonly string[] = ["answer"], members: JsonObject = {}): JsonObject {
  const llmParam = { chatModelVersionId: MODEL, userPrompt: "{{q}}", shortTermMemory: false, plugins: [{ pluginId: PLUGIN }], ...param };
  const inputs = outputs.map((one) => input(one, reference(`llm#${one}#${one}`)));
  return flow(
    [
      node("START", "start", { outputs: [output("q", "STRING", { required: true })] }),
      node("LLM", "llm", { outputs: outputs.map((one) => output(one)), llmParam, ...members }),
      node("END", "end", { inputs, endParam: { outputType: "VARIABLE" } }),
    ],
    [edge("start", "llm"), edge("llm", "end")],
    { name },
  );
}
