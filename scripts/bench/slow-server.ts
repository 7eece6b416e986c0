import { createServer } from "node:http";
import { announce } from "./announce.ts";

// Answers each request after 50 ms.
const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}'), 50);
});
announce(server);
