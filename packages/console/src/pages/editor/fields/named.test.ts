import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateOf } from "#pages/editor/fields/estimate.ts";
import { fits, namedKind, serves } from "#pages/editor/fields/named.ts";

test("fields that name things of the server are known by their place", () => {
  assert.equal(namedKind("llm", ["model"]), "model");
  assert.equal(namedKind("agent", ["backup"]), "model");
  assert.equal(namedKind("http", ["connection"]), "connection");
  assert.equal(namedKind("workflow", ["workflow"]), "workflow");
  assert.equal(namedKind("agent", ["tools", 0, "workflow"]), "workflow");
  assert.equal(namedKind("knowledge", ["collections", 1]), "base");
  assert.equal(namedKind("code", ["inputs", "workflow"]), null);
  assert.equal(namedKind("template", ["text"]), null);
});

test("a node is offered what it can use", () => {
  assert.deepEqual(
    [fits("database", "sqlite"), fits("database", "openai"), fits("http", "http"), fits("http", "mysql")],
    [true, false, true, false],
  );
  assert.deepEqual([fits("agent", "mcp"), fits("http", "mcp")], [true, false]);
  assert.deepEqual(
    [serves("llm", []), serves("llm", ["embedding"]), serves("audio", ["speech"]), serves("llm", ["chat", "vision"])],
    [true, false, true, true],
  );
});

test("an estimate goes by the tokens of the last run, or by the length of the question", () => {
  const price = { input: "15", output: "60" };
  const { credits, measured } = estimateOf(price, { inputTokens: 610, outputTokens: 202 }, "");
  assert.deepEqual([credits.toFixed(6), measured], ["0.021270", true]);
  assert.deepEqual(estimateOf(price, undefined, "x".repeat(400)), {
    credits: 0.0165,
    inputTokens: 100,
    outputTokens: 250,
    measured: false,
  });
});
