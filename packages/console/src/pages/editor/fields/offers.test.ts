import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentScopes } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { offersAt } from "#pages/editor/fields/offers.ts";
import { NEWS } from "#pages/editor/testing/documents.ts";

const scopes = new DocumentScopes(
  { ...NEWS, nodes: NEWS.nodes.map((node) => (node.id === "fetch" ? { ...node, name: "ニュース" } : node)) },
  nodeSpecs,
);

function offered(text: string, nodeId = "summary", member = "/text") {
  const at = text.indexOf("|");
  return offersAt(text.replace("|", ""), at, {
    scopes,
    nodeId,
    member,
    nameOf: (id) => (id === "fetch" ? "ニュース" : id),
    sampleOf: (expression) => (expression === "start.topic" ? '"AI"' : null),
  });
}

test("C15: only what runs before the node, each with its type, and what it was", () => {
  const offers = offered("{{ | }}");
  const topic = offers.find(({ label }) => label === "start.topic");
  assert.equal(topic?.type, "string");
  assert.equal(topic?.sample, '"AI"');
  const labels = offers.map(({ label }) => label);
  assert.ok(labels.includes("fetch.body") && labels.includes("each.items"));
  assert.ok(!labels.some((label) => label.startsWith("end") || label.startsWith("summary") || label.startsWith("page")));
});

test("C15: half-width kana find a node by its name; what is chosen goes in as an expression", () => {
  const offers = offered("About {{ ﾆｭｰｽ| }}").filter(({ node }) => node !== null);
  assert.deepEqual([...new Set(offers.map(({ node }) => node))], ["ニュース"]);
  const [offer] = offers;
  assert.equal(offer?.insert, "fetch");
  assert.equal(offer?.start, "About {{ ".length);
});

test("a slash at the beginning of a word opens the picker, and brings the braces", () => {
  const offers = offered("Hello /topic|");
  assert.deepEqual(
    offers.map(({ insert }) => insert),
    ["{{ start.topic }}"],
  );
  assert.equal(offers[0]?.start, "Hello ".length);
  assert.deepEqual(offered("a/b|"), []);
  assert.deepEqual(offered("plain text|"), []);
});

test("inside an expression the language's functions and methods are offered too", () => {
  const labels = offered("{{ start.topic.toUp| }}").map(({ label }) => label);
  assert.ok(labels.includes("toUpperCase"));
});

test("in a body the item and what runs before the container are offered", () => {
  const labels = offered("{{ | }}", "page", "/request/url").map(({ label }) => label);
  assert.ok(labels.includes("item") && labels.includes("fetch.status"));
});
