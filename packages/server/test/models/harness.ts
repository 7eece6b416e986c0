import assert from "node:assert/strict";
import type { LLMock } from "@copilotkit/aimock";
import { DEFAULT_TENANT } from "#app";
import { KEY, startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";

/** The model that `connectModels` makes known. */
export const MODEL = "models/qwen3:8b";

/** A server with a connection to a model server. */
export interface ModelWorld {
  readonly models: LLMock;
  readonly server: TestServer;
  close(): Promise<void>;
}

export async function openModelWorld(): Promise<ModelWorld> {
  const models = await startModelServer();
  const server = await startTestServer({ settings: { egressAllow: new URL(models.url).host } });
  await connectModels(server, models.url);
  const close = async () => {
    await server.close();
    await models.stop();
  };
  return { models, server, close };
}

/** How a model server is connected: the path of its API, and where it expects its key. */
const WIRES = {
  "openai-compatible": { path: "/v1", credential: { type: "bearer", value: KEY } },
  google: { path: "", credential: { type: "header", name: "x-goog-api-key", value: KEY } },
} as const;

/** A connection to a model server; without a name `models`, which speaks OpenAI's wire for chats. */
export async function connectModels(
  server: TestServer,
  url: string,
  name = "models",
  provider: keyof typeof WIRES = "openai-compatible",
): Promise<void> {
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const { path, credential } = WIRES[provider];
  const body = { provider, baseUrl: `${url}${path}`, credential };
  const { status, text } = await server.call("PUT", `/api/v1/connections/${name}`, { key, body });
  assert.equal(status, 200, text);
}
