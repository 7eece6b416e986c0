import type { JsonObject } from "@millrace/contract";
import type { Books } from "./books.ts";
import { PACKAGED, startPackagedServer } from "./packaged.ts";
import { startProvider } from "./provider.ts";

/** Model servers that are no part of Millrace, and what connects to them. */
export interface ModelServers {
  /** For `MILLRACE_EGRESS_ALLOW`. */
  readonly hosts: string;
  /** Bodies of connections, by their names. */
  readonly connections: { readonly [name: string]: JsonObject };
  /** Resolves when all that was sent to them before is in the books: what a process asked just before its death comes after it. */
  heard(): Promise<void>;
  close(): Promise<void>;
}

export async function startModelServers(books: Books): Promise<ModelServers> {
  const own = await startProvider(books, "models");
  const packaged = await startPackagedServer(books);
  const credential = { type: "bearer", value: "sk-counted" };
  const others = Object.entries(PACKAGED).map(([name, { body }]) => [name, { ...body, baseUrl: packaged.origin }] as const);
  return {
    hosts: [own, packaged].map(({ origin }) => new URL(origin).host).join(","),
    connections: {
      models: { provider: "openai-compatible", baseUrl: `${own.origin}/v1`, credential },
      ...Object.fromEntries(others),
    },
    heard: async () => {
      await Promise.all([own, packaged].map(({ origin }) => passThrough(origin)));
    },
    close: async () => {
      await Promise.all([own.close(), packaged.close()]);
    },
  };
}

/** A request that is none of a model's: it is read after those that came before it, whatever becomes of it. */
async function passThrough(origin: string): Promise<void> {
  await fetch(origin, { headers: { Connection: "close" } }).then(
    (answer) => answer.arrayBuffer(),
    () => undefined,
  );
}
