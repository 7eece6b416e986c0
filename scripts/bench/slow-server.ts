import { createServer } from "node:http";

// Answers each request after 50 ms.
const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}'), 50);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" ? address?.port : 0 })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
