import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { spellingsOf } from "./spellings.ts";

/** A service that says again what it is sent, and remembers it. */
export interface Echo {
  readonly port: number;
  readonly origin: string;
  /** Everything that came, a text a request: the request line, the headers and the body. */
  readonly received: readonly string[];
  /** So far: one that never becomes a request is one. */
  readonly connections: number;
  close(): Promise<void>;
}

/** What the service knows and says, whether it was sent or not, by the first part of the path. */
type Known = (kind: string) => readonly string[];

export function startEcho(known: Known = () => []): Promise<Echo> {
  const received: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
      answer(request, response, body, known);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const echo: Echo = {
        port,
        origin: `http://127.0.0.1:${port}`,
        received,
        get connections() {
          return connections;
        },
        close,
      };
      resolve(echo);
    });
  });
}

/** By the path: `/status/401`, `/redirect/307?to=…` or `/redirect/307/…` with the target as one segment, `/binary`, `/hangs-up`, `/chat` as a model; anything else echoes as JSON. */
function answer(request: IncomingMessage, response: ServerResponse, body: string, knows: Known): void {
  const url = new URL(request.url ?? "/", "http://echo");
  const [, kind = "", status = "200", segment = ""] = url.pathname.split("/");
  const known = knows(kind);
  if (kind === "redirect") {
    response.writeHead(Number(status), { Location: url.searchParams.get("to") ?? decodeURIComponent(segment) }).end();
    return;
  }
  if (kind === "hangs-up") {
    response.destroy();
    return;
  }
  const text = JSON.stringify({ url: request.url, headers: request.headers, body, known: known.flatMap(spellingsOf) });
  if (kind === "chat") {
    const calls = toolCalls(body);
    if (body.includes('"stream":true')) say(response, text, calls);
    else sayAtOnce(response, text, calls);
    return;
  }
  const type = kind === "binary" ? "application/octet-stream" : kind === "text" ? "text/plain" : "application/json";
  const echoed = encodeURIComponent(known.join(" ").slice(0, 4_000));
  response.writeHead(kind === "status" ? Number(status) : 200, { "Content-Type": type, "X-Echo": echoed });
  // A secret is cut by the borders of chunks and packets.
  for (let at = 0; at < text.length; at += 37) response.write(text.slice(at, at + 37));
  response.end();
}

/** Once it uses every tool that there is, and one that there is not: it would like to be told secrets. */
function toolCalls(body: string): readonly object[] {
  if (body === "") return [];
  const { tools = [], messages = [] } = JSON.parse(body) as { tools?: { function: { name: string } }[]; messages?: { role: string }[] };
  if (tools.length === 0 || messages.some(({ role }) => role === "tool")) return [];
  const names = [...tools.map((tool) => tool.function.name), "read_secrets"];
  return names.map((name, index) => ({ index, id: `call_${index}`, type: "function", function: { name, arguments: "{}" } }));
}

function sayAtOnce(response: ServerResponse, text: string, tool_calls: readonly object[]): void {
  const message = { role: "assistant", content: text, reasoning_content: text, ...(tool_calls.length > 0 && { tool_calls }) };
  const choices = [{ index: 0, message, finish_reason: tool_calls.length > 0 ? "tool_calls" : "stop" }];
  response
    .writeHead(200, { "Content-Type": "application/json" })
    .end(JSON.stringify({ id: "1", created: 1, model: "m", choices, usage: { prompt_tokens: 1, completion_tokens: 1 } }));
}

/** As the answer of a chat model, once as thoughts and once as text: a secret is cut by the borders of pieces. */
function say(response: ServerResponse, text: string, tool_calls: readonly object[]): void {
  const event = (delta: object, finish_reason: string | null) =>
    response.write(`data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const channel of ["reasoning_content", "content"]) {
    for (let at = 0; at < text.length; at += 37) event({ [channel]: text.slice(at, at + 37) }, null);
  }
  if (tool_calls.length > 0) event({ tool_calls }, null);
  event({}, tool_calls.length > 0 ? "tool_calls" : "stop");
  response.end("data: [DONE]\n\n");
}
