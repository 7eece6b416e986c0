import { createServer } from "node:http";
import { announce } from "./announce.ts";

// A receiver of webhooks. `GET /figures` answers with the latencies of what came since it was last asked: ms from the end of the run to here.
let latencies: number[] = [];
const server = createServer((request, response) => {
  if (request.method === "GET") {
    const body = JSON.stringify(latencies);
    latencies = [];
    response.writeHead(200, { "Content-Type": "application/json" }).end(body);
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const endTime = /"endTime":(\d+)/.exec(Buffer.concat(chunks).toString("utf8"))?.[1];
    latencies.push(Date.now() - Number(endTime));
    response.writeHead(204).end();
  });
});
announce(server);
