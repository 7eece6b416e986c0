import assert from "node:assert/strict";
import { test } from "node:test";
import { drawRooms, roomOf } from "./graph.ts";

test("the room of a path", () => {
  assert.equal(roomOf("packages/engine/src/plan/plan.ts"), "engine");
  assert.equal(roomOf("packages/server/src/http/routes/invoke.ts"), "server/http");
  assert.equal(roomOf("packages/server/src/app.ts"), "server/app");
  assert.equal(roomOf("packages/server/src/log.ts"), undefined);
  assert.equal(roomOf("packages/server/bin/millrace.js"), undefined);
  assert.equal(roomOf("scripts/rooms.ts"), undefined);
});

test("the drawing: one arrow a pair of rooms, dotted where every import is of types", () => {
  const drawing = drawRooms([
    { from: "packages/engine/src/plan.ts", to: "packages/contract/src/index.ts", typeOnly: true },
    { from: "packages/engine/src/run.ts", to: "packages/contract/src/index.ts", typeOnly: false },
    { from: "packages/engine/src/run.ts", to: "packages/engine/src/plan.ts", typeOnly: false },
    { from: "packages/sdk/src/index.ts", to: "packages/contract/src/index.ts", typeOnly: true },
    { from: "packages/server/src/http/bind.ts", to: "packages/server/src/runs/start-run.ts", typeOnly: false },
    { from: "packages/server/src/http/bind.ts", to: "packages/contract/src/index.ts", typeOnly: true },
    { from: "packages/server/src/runs/start-run.ts", to: "packages/contract/src/index.ts", typeOnly: true },
  ]);
  assert.equal(
    drawing,
    [
      "```mermaid",
      "graph TD",
      "  subgraph server",
      '    server_http["http"]',
      '    server_runs["runs"]',
      "  end",
      "  engine --> contract",
      "  sdk -.-> contract",
      "  server -.-> contract",
      "  server_http --> server_runs",
      "```",
    ].join("\n"),
  );
});

test("the drawing does not depend on the order of the imports", () => {
  const imports = [
    { from: "packages/server/src/app.ts", to: "packages/server/src/http/bind.ts", typeOnly: true },
    { from: "packages/server/src/app.ts", to: "packages/server/src/http/auth.ts", typeOnly: false },
    { from: "packages/nodes/src/kit/spec.ts", to: "packages/engine/src/index.ts", typeOnly: true },
  ];
  assert.equal(drawRooms(imports.toReversed()), drawRooms(imports));
});
