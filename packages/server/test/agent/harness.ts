import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LLMock } from "@copilotkit/aimock";
import type { Json, JsonObject } from "@millrace/contract";
import { startModelServer } from "#testing/model-server";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { openWorld, type World } from "../knowledge/harness.ts";
import { connectModels, MODEL } from "../models/harness.ts";

export const USAGE = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 };

export interface Asked {
  readonly method: string;
  readonly url: string;
  /** `Idempotency-Key` */
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server on loopback that agents call as a tool; what it answers says what it was asked. */
export interface ToolServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Called when a connection is closed before its answer. */
  closed: () => void;
  /** Called, and waited for, before each answer. */
  noticed: (asked: Asked) => void | Promise<void>;
  /** What is answered instead, by path. */
  readonly answers: Map<string, { readonly status: number; readonly body: Json }>;
  close(): void;
}

export async function startToolServer(): Promise<ToolServer> {
  const world: Pick<ToolServer, "noticed" | "closed"> = { noticed: () => undefined, closed: () => undefined };
  const asked: Asked[] = [];
  const answers: ToolServer["answers"] = new Map();
  const server = createServer((request, response) => {
    response.on("close", () => !response.writableEnded && world.closed());
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "", url = "" } = request;
      const { authorization, "idempotency-key": key } = request.headers;
      const one = { method, url, key: key as string | undefined, authorization, body: Buffer.concat(chunks).toString("utf8") };
      asked.push(one);
      await world.noticed(one);
      const { status, body } = answers.get(url.split("?")[0] ?? "") ?? { status: 200, body: { done: url } };
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return Object.assign(world, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, answers, close });
}

export interface AgentWorld {
  readonly models: LLMock;
  readonly tools: ToolServer;
  readonly house: World;
  readonly server: TestServer;
  close(): Promise<void>;
}

/** `reached`: hosts that may be reached besides. */
export async function openAgentWorld(reached: readonly string[] = []): Promise<AgentWorld> {
  const [models, tools] = await Promise.all([startModelServer(), startToolServer()]);
  const house = await openWorld({ settings: { egressAllow: [new URL(models.url).host, new URL(tools.url).host, ...reached].join(",") } });
  const { server } = house;
  await connectModels(server, models.url);
  const close = async () => {
    await server.close();
    tools.close();
    await models.stop();
  };
  return { models, tools, house, server, close };
}

/** start → the agent → end, whose output is all of the agent's fields. */
export function agentFlow(name: string, node: JsonObject): JsonObject {
  const agent = { id: "agent", type: "agent", model: MODEL, prompt: "{{ start.text }}", ...node };
  const end = { id: "end", type: "end", output: { result: "{{ agent }}" } };
  return document(name, [start({ text: { type: "string" } }), agent, end], ["start -> agent", "agent -> end"]);
}

/** A tool that sends what the model gives to a path of the tool server. */
export function posting(url: string, name: string): JsonObject {
  const parameters = { type: "object", properties: { what: { type: "string" } }, required: ["what"] };
  return { name, description: `Does ${name}.`, parameters, http: { method: "POST", url: `${url}/${name}` } };
}

/** What the model answers where it uses tools. */
export function using(...calls: readonly (readonly [name: string, input: JsonObject])[]) {
  return {
    toolCalls: calls.map(([name, input], index) => ({ name, arguments: JSON.stringify(input), id: `call_${index}` })),
    usage: USAGE,
  };
}
