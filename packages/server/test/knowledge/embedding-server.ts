import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

// An embedding model that any machine computes alike: hashed n-grams of characters, over HTTP in the shape of OpenAI.

const DIMENSIONS = 4_096;
const GRAMS = [1, 2, 3];

export interface EmbeddingServer {
  readonly port: number;
  /** Below which `embeddings` lies. */
  readonly baseUrl: string;
  /** Texts that were asked for, in order. */
  readonly texts: readonly string[];
  /** Requests that are answered in this way before any other. */
  readonly refusals: { readonly status: number; readonly headers?: { readonly [name: string]: string } }[];
  /** Each holds up one request, in order, until it is resolved. */
  readonly gates: Promise<void>[];
  close(): void;
}

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const texts: string[] = [];
  const refusals: EmbeddingServer["refusals"] = [];
  const gates: EmbeddingServer["gates"] = [];
  const server = createServer(async (request, response) => {
    const { input = [] } = (await json(request)) as { readonly input?: string | readonly string[] };
    await gates.shift();
    const refusal = refusals.shift();
    if (refusal) {
      response.writeHead(refusal.status, { "Content-Type": "application/json", ...refusal.headers });
      response.end('{"error":{"message":"not now","type":"server_error"}}');
      return;
    }
    const asked = typeof input === "string" ? [input] : input;
    texts.push(...asked);
    const data = asked.map((text, index) => ({ object: "embedding", index, embedding: embed(text) }));
    const tokens = asked.reduce((sum, text) => sum + text.length, 0);
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ object: "list", data, model: "grams", usage: { prompt_tokens: tokens, total_tokens: tokens } }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    texts,
    refusals,
    gates,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What occurs often says less each time. */
function embed(text: string): number[] {
  const counts = new Map<string, number>();
  for (const word of text
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)) {
    const characters = [...` ${word} `];
    for (const size of GRAMS)
      for (let at = 0; at + size <= characters.length; at++) {
        const gram = characters.slice(at, at + size).join("");
        if (gram.trim() !== "") counts.set(gram, (counts.get(gram) ?? 0) + 1);
      }
  }
  const vector = new Array<number>(DIMENSIONS).fill(0);
  for (const [gram, count] of counts) {
    const hash = createHash("md5").update(gram).digest();
    const at = hash.readUInt32LE(0) % DIMENSIONS;
    const sign = hash[4] === undefined || (hash[4] & 1) === 0 ? 1 : -1;
    vector[at] = (vector[at] ?? 0) + sign * Math.sqrt(count);
  }
  return vector;
}
