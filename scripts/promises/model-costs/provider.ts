import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chance } from "../harness/chance.ts";

// A model server in OpenAI's shape that keeps books of its own: what it counted for which request, and whether it got to say it.

/** One answer that tells what it cost. Its input tokens are like those of no other: what was recorded of it is found again by them. */
export interface Given {
  readonly model: string;
  /** The step that asked, as its prompt names it. */
  readonly step: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  /** The server's process that asked, from 0. */
  readonly life: number;
}

/** What became of the requests. */
export type Fate = "answered" | "answered, then cut" | "cut" | "refused" | "failed";

export interface Provider {
  readonly origin: string;
  /** By their input tokens. */
  readonly given: ReadonlyMap<number, Given>;
  /** The lives of the server in which a step asked, in order. */
  readonly asked: ReadonlyMap<string, readonly number[]>;
  readonly fates: ReadonlyMap<Fate, number>;
  /** The server was started anew. */
  nextLife(): void;
  close(): Promise<void>;
}

const SHARES: readonly (readonly [fate: Fate, share: number])[] = [
  ["refused", 0.06],
  ["failed", 0.05],
  ["cut", 0.04],
  ["answered, then cut", 0.08],
];

/** Of answers that are no use: no JSON where JSON is wanted, no number where one is. */
const USELESS = 0.15;

const LONGEST_MS = 25;

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export async function startProvider(seed: number): Promise<Provider> {
  const random = chance(seed);
  const books = { given: new Map<number, Given>(), asked: new Map<string, number[]>(), fates: new Map<Fate, number>() };
  let serial = 0;
  let life = 0;

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(await bodyOf(request)) as Asked;
    const step = stepOf(asked);
    books.asked.set(step, [...(books.asked.get(step) ?? []), life]);
    serial += 1;
    const [input, output] = [10_000 + serial, 1 + Math.floor(random() * 900)];
    const counts = { inputTokens: input, outputTokens: output, cachedTokens: part(input), reasoningTokens: part(output) };
    const given = { model: asked.model, step, ...counts, life };
    const fate = fateOf(asked);
    const text = answerTo(asked, random() < USELESS);
    await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_MS));
    await told(response, fate, () => say(response, { asked, given, text, fate }));
    books.fates.set(fate, (books.fates.get(fate) ?? 0) + 1);
    if (fate.startsWith("answered")) books.given.set(input, given);
  }

  /** Of some, none. */
  function part(of: number): number {
    return random() < 0.4 ? 0 : Math.floor(random() * of);
  }

  /** Whoever does not stream gets the counts in the one piece that an answer is. */
  function fateOf({ stream }: Asked): Fate {
    let left = random();
    for (const [fate, share] of SHARES) {
      left -= share;
      if (left < 0) return fate === "answered, then cut" && stream !== true ? "cut" : fate;
    }
    return "answered";
  }

  const server = createServer((request, response) => {
    void reply(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...books,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextLife: () => {
      life += 1;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `STEP r12/n3/0` of the prompt: every node of every run asks under a name of its own. */
function stepOf(asked: Asked): string {
  return /STEP ([\w/]+)/.exec(JSON.stringify(asked.messages).replaceAll("\\n", " "))?.[1] ?? "unnamed";
}

function answerTo({ messages }: Asked, useless: boolean): string {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => String(content));
  if (useless) return "I would rather not say.";
  return system.some((text) => text.includes("intents")) ? "1" : '{"word":"mill"}';
}

/** Resolves when the other side has all of it, rejects when it has gone before: then nobody was told anything. */
function told(response: ServerResponse, fate: Fate, say: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (fate.startsWith("answered")) response.once("finish", resolve).once("close", () => reject(new Error("gone")));
    say();
    if (!fate.startsWith("answered")) resolve();
  });
}

interface Said {
  readonly asked: Asked;
  readonly given: Given;
  readonly text: string;
  readonly fate: Fate;
}

function say(response: ServerResponse, { asked, given, text, fate }: Said): void {
  const { model } = given;
  if (fate === "refused") {
    response.writeHead(429, { "Content-Type": "application/json", "retry-after-ms": "2" }).end('{"error":{"message":"slow down"}}');
    return;
  }
  if (fate === "failed") {
    response.writeHead(500, { "Content-Type": "application/json" }).end('{"error":{"message":"broken"}}');
    return;
  }
  const about = { id: "c1", created: 1, model };
  if (asked.stream !== true) {
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    const body = JSON.stringify({ ...about, object: "chat.completion", choices, usage: usageOf(given) });
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
    if (fate === "cut") response.write(body.slice(0, 20), () => response.destroy());
    else response.end(body);
    return;
  }
  const event = (delta: object, finish: string | null, more = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`,
    );
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const piece of [text.slice(0, 5), text.slice(5)]) event({ content: piece }, null);
  if (fate === "cut") {
    response.socket?.end();
    return;
  }
  if (fate === "answered, then cut") {
    // The usage is told, and the end never comes.
    event({}, null, { usage: usageOf(given) });
    response.end();
    return;
  }
  event({}, "stop");
  response.write(`data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [], usage: usageOf(given) })}\n\n`);
  response.end("data: [DONE]\n\n");
}

function usageOf({ inputTokens, outputTokens, cachedTokens, reasoningTokens }: Given): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
