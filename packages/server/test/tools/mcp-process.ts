// A real MCP server, of the official SDK, in a process of its own: `stdio`, or `http`, which says its port on stdout.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const TOKEN = "a-token-of-the-mcp-server";

const TOOLS = [
  {
    name: "add",
    description: "Adds two numbers",
    inputSchema: {
      type: "object" as const,
      properties: { a: { $ref: "#/$defs/n" }, b: { $ref: "#/$defs/n" } },
      required: ["a", "b"],
      $defs: { n: { type: "number" } },
    },
  },
  { name: "fail", inputSchema: { type: "object" as const } },
  { name: "picture", inputSchema: { type: "object" as const } },
  { name: "environment", inputSchema: { type: "object" as const } },
  { name: "hang", inputSchema: { type: "object" as const } },
];

function serve(): Server {
  const server = new Server({ name: "test", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
    params?.cursor === undefined ? { tools: TOOLS.slice(0, 2), nextCursor: "2" } : { tools: TOOLS.slice(2) },
  );
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }) => {
    const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
    switch (name) {
      case "add": {
        const sum = Number(given["a"]) + Number(given["b"]);
        return { ...text(`The sum is ${sum}`), structuredContent: { sum } };
      }
      case "fail":
        return { ...text(`no luck with ${TOKEN}`), isError: true };
      case "picture":
        return { content: [{ type: "image" as const, data: "AP8=", mimeType: "image/png" }] };
      case "environment":
        return text(JSON.stringify(Object.keys(process.env).sort()));
      default: {
        // Something that would outlive it, were only the process itself ended.
        if (process.argv[2] === "stdio") spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
        return new Promise<never>(() => undefined);
      }
    }
  });
  return server;
}

if (process.argv[2] === "http") {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    const transport =
      known ??
      new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: (id) => void sessions.set(id, transport) });
    if (!known) await serve().connect(transport as Transport);
    await transport.handleRequest(request, response);
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
} else {
  const [, , , pidFile] = process.argv;
  if (pidFile !== undefined) (await import("node:fs")).writeFileSync(pidFile, String(process.pid));
  await serve().connect(new StdioServerTransport());
}
