import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@millrace/contract";
import { document, start } from "#testing/workflows";

/** A receiver on loopback that notes which nodes of a run called it, by their paths. */
export interface Effects {
  readonly port: number;
  /** In order. */
  called: string[];
  /** Paths that are answered 500. */
  broken: ReadonlySet<string>;
  /** A node that calls it. */
  node(id: string, more?: JsonObject): JsonObject;
  /** These nodes one after another, between a start that takes `who` and an end. */
  flow(name: string, nodes: readonly JsonObject[], output: JsonObject): JsonObject;
  close(): void;
}

export async function startEffects(): Promise<Effects> {
  const effects = { called: [] as string[], broken: new Set() as ReadonlySet<string> };
  const server = createServer((request, response) => {
    request.resume();
    const [, path = ""] = String(request.headers["idempotency-key"]).split(":");
    effects.called.push(path);
    const status = effects.broken.has(path) ? 500 : 200;
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ from: path }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(effects, {
    port,
    node: (id: string, more: JsonObject = {}): JsonObject => {
      const request = { method: "POST", url: `http://127.0.0.1:${port}/`, body: { json: {} } };
      return { id, type: "http", request, ...more };
    },
    flow,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

function flow(name: string, nodes: readonly JsonObject[], output: JsonObject): JsonObject {
  const all = [start({ who: { type: "string" } }), ...nodes, { id: "end", type: "end", output }];
  const edges = all.slice(1).map(({ id }, at) => `${String(all[at]?.["id"])} -> ${String(id)}`);
  return document(name, all, edges);
}
