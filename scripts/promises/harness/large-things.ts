import { createServer } from "node:http";
import type { JsonObject } from "@millrace/contract";
import { document, start } from "./documents.ts";

/** A workflow that makes something far too large, and what its run then says. */
export interface LargeThing {
  readonly name: string;
  readonly document: JsonObject;
  readonly says: RegExp;
}

const HUNDRED_MB = 100_000_000;

/** A node `big` between start and end. */
function of(name: string, says: RegExp, big: JsonObject, output: JsonObject = {}): LargeThing {
  const nodes = [start({}), { id: "big", ...big }, { id: "end", type: "end", output }];
  return { name, says, document: document(name, nodes, ["start -> big", "big -> end"]) };
}

const code = (body: string): JsonObject => ({ type: "code", code: body });

/** A batch over so many items, which the engine makes itself. */
function batchOf(items: number): JsonObject {
  return {
    type: "batch",
    items: `{{ range(0, ${items}) }}`,
    collect: "{{ one.text }}",
    body: {
      nodes: [
        { id: "one", type: "template", text: "{{ item }}" },
        { id: "next", type: "next" },
      ],
      edges: ["one -> next"],
    },
  };
}

/** A service whose answers have no end. */
export async function startSpout(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const server = createServer((_, response) => {
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pour);
    pour();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, close };
}

/** `port`: of a spout. */
export function largeThings(port: number): readonly LargeThing[] {
  return [
    of("largeOutput", /"type":"(limit_exceeded|code_memory)"/, code(`return { text: "x".repeat(${HUNDRED_MB}) };`), {
      text: "{{ big.text }}",
    }),
    of("largeError", /"type":"code_error"/, code(`throw new Error("x".repeat(${HUNDRED_MB / 10}));`)),
    of("largeLog", /"type":"limit_exceeded"/, code(`for (let i = 0; i < 20000; i++) console.log("x".repeat(5000)); return {};`)),
    of("largeAnswer", /"type":"http_too_large"/, { type: "http", request: { url: `http://127.0.0.1:${port}/` } }),
    of("manyItems", /"status":"SUCCEED"/, batchOf(7_000)),
    of("tooManyItems", /"type":"loop_limit"/, batchOf(100_000)),
  ];
}
