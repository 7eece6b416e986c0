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

/** A connection `models` to a server that speaks OpenAI's wire for chats. */
export async function connectModels(server: TestServer, url: string): Promise<void> {
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const body = { provider: "openai-compatible", baseUrl: `${url}/v1`, credential: { type: "bearer", value: KEY } };
  const { status, text } = await server.call("PUT", "/api/v1/connections/models", { key, body });
  assert.equal(status, 200, text);
}
