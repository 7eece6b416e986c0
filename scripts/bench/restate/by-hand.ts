import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createEndpointHandler, type WorkflowContext, workflow } from "@restatedev/restate-sdk";

// A workflow of so many calls outside, as somebody writes it who has nothing but Restate's library: what a run costs at least.
const greet = workflow({
  name: "Greet",
  handlers: {
    run: async (context: WorkflowContext, { name }: { name: string }) => {
      const greeting = await context.run("hello", async () => `Hello ${name}`);
      return { greeting };
    },
  },
});

const chain = workflow({
  name: "Chain",
  handlers: {
    run: async (context: WorkflowContext, { url, calls }: { url: string; calls: number }) => {
      let last: unknown;
      for (let call = 0; call < calls; call++)
        last = await context.run(`call${call}`, async () => {
          const headers = { "content-type": "application/json", "idempotency-key": `${context.key}:call${call}` };
          const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ n: call }) });
          return { status: answer.status, body: await answer.json() };
        });
      return { last };
    },
  },
});

const server = createServer(createEndpointHandler({ services: [greet, chain], logger: () => undefined }));
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.once("SIGTERM", () => process.exit(0));
