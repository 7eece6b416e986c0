import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LLMock } from "@copilotkit/aimock";
import { OFFLINE_MODEL, type PutConnectionBody } from "@millrace/contract";
import type { ChatCall, Models } from "@millrace/nodes";
import pino from "pino";
import { systemClock } from "#clock";
import { RateCard } from "#credits/rate-card";
import { createEgress } from "#egress/egress";
import { systemIds } from "#ids";
import { ModelService } from "#models/model-service";
import { Connections } from "#secrets/connections";
import { ModelConnections } from "#secrets/model-connections";
import { Sealer } from "#secrets/sealer";
import { openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";
import { startModelServer } from "#testing/model-server";

export const TENANT = "tenant-1";
/** What every provider counts in a test. */
export const USAGE = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500, input_tokens: 1_000, output_tokens: 500 };

/** The models of a store, over the real way out, to a model server of another make. */
export interface ModelWorld {
  readonly provider: LLMock;
  readonly store: Store;
  readonly rateCard: RateCard;
  readonly models: Models;
  /** What the server's log was told. */
  readonly logged: string[];
  /** Connects a name to the model server. */
  connect(name: string, body?: PutConnectionBody): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `allow`: what may be called beside the model server. */
export async function openModels(options: { defaultModel?: string; allow?: string } = {}): Promise<ModelWorld> {
  const provider = await startModelServer();
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-models-"));
  const ids = systemIds(systemClock.now);
  const silent = pino({ level: "silent" });
  const store = await openSqliteStore({ dataDir, version: "0", owner: ids.objectId(), logger: silent });
  const { allow = "", defaultModel = OFFLINE_MODEL } = options;
  const clock = systemClock;
  const egress = createEgress({ allow: `${new URL(provider.url).host},${allow}` });
  const sealed = { vault: store.vault, workflows: store.workflows, sealer: new Sealer(Buffer.alloc(32, 1), ids.seed), egress, clock };
  const connections = new Connections(sealed);
  const rateCard = new RateCard({ prices: store.prices, clock });
  const logged: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void logged.push(line) });
  const service = new ModelService({ connections: new ModelConnections(sealed), rateCard, defaultModel, clock, log });
  const close = async () => {
    await Promise.all([egress.close(), provider.stop()]);
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return {
    provider,
    store,
    rateCard,
    logged,
    models: service.of({ tenantId: TENANT, runId: "run-1" }),
    connect: async (name, body = {}) => {
      const credential = { type: "key", value: "sk-canary-0a1b2c3d4e5f" } as const;
      await connections.put(TENANT, name, { provider: "openai", baseUrl: provider.url, credential, ...body });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export function chat(text: string, more: Partial<ChatCall> = {}): ChatCall {
  const messages = [{ role: "user", parts: [{ type: "text", text }] }] as const;
  return { model: null, messages, signal: new AbortController().signal, timeoutMs: 30_000, ...more };
}
