import assert from "node:assert/strict";
import { test } from "node:test";
import { compileAnswer, type Json, type JsonObject } from "@millrace/contract";
import type { ChatMessage, ChatTool } from "@millrace/nodes";
import fc from "fast-check";
import { answerOffline } from "#models/offline/extractive";
import { MAX_READ_CHARACTERS } from "#models/offline/prompt";

const user = (text: string): ChatMessage => ({ role: "user", parts: [{ type: "text", text }] });
const system = (text: string): ChatMessage => ({ role: "system", text });

const said = (...messages: readonly ChatMessage[]): string => answerOffline({ messages }).text;

function filled(schema: JsonObject, text: string): Json {
  const answer = answerOffline({ messages: [user(text)], schema });
  return answer.finish === "refused" ? answer.text : (JSON.parse(answer.text) as Json);
}

test("the words of the last question choose the sentences, in three languages", () => {
  assert.equal(
    said(user("The tides are caused by the moon. Fish live in water. Some fish are red.\nWhat causes the tides?")),
    "The tides are caused by the moon.",
  );
  assert.equal(said(user("月亮引起潮汐。鱼是红色的。北京大学在北京。什么引起潮汐？")), "月亮引起潮汐。");
  assert.equal(said(user("東京は日本の首都です。京都は古い都です。魚は赤いです。日本の首都はどこですか？")), "東京は日本の首都です。");
});

test("a summary is the central sentences in their order, as many as are asked for", () => {
  const text = "The moon pulls the sea. Fish are red. The sea follows the moon. The moon and the sea make tides. Boats are old.";
  assert.equal(said(user(`Summarise:\n${text}`)), "The moon pulls the sea. The sea follows the moon. The moon and the sea make tides.");
  assert.equal(said(user(`Summarise in one sentence:\n${text}`)).split(". ").length, 1);
});

test("of a prompt that is nothing but a question, the question; of nothing, nothing", () => {
  assert.equal(said(user("What is the capital of France?")), "What is the capital of France?");
  assert.equal(said(user(" ")), "");
  assert.equal(said(), "");
});

const INTENTS = system(
  "These are intents:\n1. The customer asks where an order is or when it arrives.\n2. The customer wants money back or wants to return something.\n3. Other\nAnswer with the number.",
);

test("of numbered choices it gives the number that has most in common, or 0", () => {
  assert.equal(said(INTENTS, user("Where is it?")), "1");
  assert.equal(said(INTENTS, user("I would like to return these shoes")), "2");
  assert.equal(said(INTENTS, user("hm")), "0");
  assert.equal(said(INTENTS, user("hm"), { role: "assistant", text: "0" }, user("Answer with one number from 1 to 3.")), "0");
  assert.equal(said(system("回答编号:\n1. 客户想退款\n2. 客户询问订单在哪里"), user("我的订单到哪里了")), "2");
});

const INVOICE = `ACME GmbH
Invoice number: A-2041
Invoice date: 5 March 2026
Due: 2026-04-04
Currency: EUR
- Widgets: 3 x 12.50
- Shipping: 1 x 5.00
Total: 1.042,50 EUR
Paid: no
Contact: billing@acme.example`;

test("a schema is filled by labels, numbers, dates, options and lists", () => {
  const line = { type: "object", properties: { name: { type: "string" }, count: { type: "integer" }, price: { type: "number" } } };
  const schema = {
    type: "object",
    properties: {
      invoiceNumber: { type: "string" },
      issued: { type: "string", format: "date", description: "Invoice date" },
      due: { type: "string", format: "date" },
      currency: { enum: ["USD", "EUR"] },
      total: { type: "number" },
      paid: { type: "boolean" },
      contact: { type: "string", format: "email" },
      lines: { type: "array", items: { $ref: "#/$defs/line" } },
      vat: { type: ["string", "null"] },
      note: { type: "string" },
    },
    required: ["invoiceNumber", "total"],
    $defs: { line },
  };
  assert.deepEqual(filled(schema, INVOICE), {
    invoiceNumber: "A-2041",
    issued: "2026-03-05",
    due: "2026-04-04",
    currency: "EUR",
    total: 1042.5,
    paid: false,
    contact: "billing@acme.example",
    lines: [
      { name: "Widgets", count: 3, price: 12.5 },
      { name: "Shipping", count: 1, price: 5 },
    ],
    vat: null,
  });
});

test("what an entry of a list has to have takes its own place in it", () => {
  const line = {
    type: "object",
    properties: { name: { type: "string" }, count: { type: "number" }, note: { type: "string" } },
    required: ["name", "count"],
  };
  const schema = { type: "object", properties: { lines: { type: "array", items: line } }, required: ["lines"] };
  assert.deepEqual(filled(schema, "- Widgets: 3\n- Bolts: 4"), {
    lines: [
      { name: "Widgets", count: 3 },
      { name: "Bolts", count: 4 },
    ],
  });
});

test("values are found where a sentence mentions them", () => {
  const schema = { type: "object", properties: { invoice: { type: "string" }, total: { type: "number" }, urgent: { type: "boolean" } } };
  assert.deepEqual(filled(schema, "Invoice A-7, total 12.50"), { invoice: "A-7", total: 12.5 });
  assert.deepEqual(filled(schema, "This is not urgent, the total is 7."), { total: 7, urgent: false });
});

test("what the text does not say is refused, by its name", () => {
  const schema = { type: "object", properties: { total: { type: "number" } }, required: ["total"] };
  assert.equal(filled(schema, "hello"), "offline/extractive only copies from its prompt, and does not find there: total.");
});

test("JSON that a prompt describes in words has the keys that it names", () => {
  const prompt =
    'Write an answer.\nMy shoes are too small, and this is urgent.\nAnswer with JSON with the keys "reply" (string) and "urgent" (boolean).';
  const answer = said(system("Answer with one JSON object"), user(prompt));
  assert.deepEqual(JSON.parse(answer), { reply: "My shoes are too small, and this is urgent.", urgent: true });
});

const TOOLS: readonly ChatTool[] = [
  {
    name: "get_weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
  {
    name: "add",
    description: "Adds two numbers",
    parameters: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
  },
];

test("a tool is called once where the text has its words and parameters; its answer is answered from", () => {
  const question = user("What is the weather in Oslo?");
  const asked = answerOffline({ messages: [question], tools: TOOLS });
  assert.deepEqual([asked.finish, asked.tool], ["tools", { name: "get_weather", input: { city: "Oslo" } }]);
  const result = { id: "1", name: "get_weather", output: { weather: "snow", wind: "5 m/s" }, isError: false };
  const told = answerOffline({ messages: [question, { role: "tool", results: [result] }], tools: TOOLS });
  assert.deepEqual([told.finish, told.text], ["stop", "weather: snow"]);
  assert.equal(answerOffline({ messages: [user("Hello there")], tools: TOOLS }).tool, null);
  assert.equal(answerOffline({ messages: [user("Add these numbers")], tools: TOOLS }).tool, null);
});

test("words are tokens, and an answer that is too long is cut", () => {
  const { text, finish, inputTokens, outputTokens } = answerOffline({ messages: [user("one two three four")], maxOutputTokens: 3 });
  assert.deepEqual([text, finish, inputTokens, outputTokens], ["one two three", "length", 4, 3]);
});

const scalar = fc.constantFrom<JsonObject>(
  { type: "string" },
  { type: "string", maxLength: 5 },
  { type: "string", format: "date" },
  { type: "integer", minimum: 2 },
  { type: ["number", "null"] },
  { type: "boolean" },
  { enum: ["red", "blue", 3, null] },
  { anyOf: [{ type: "number" }, { type: "string", format: "email" }] },
  { const: 7 },
);
const schemas = fc.letrec<{ any: JsonObject }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    scalar,
    tie("any").map((items): JsonObject => ({ type: "array", items, minItems: 1 })),
    fc.tuple(fc.dictionary(fc.constantFrom("total", "dueDate", "__proto__", "colour", "name"), tie("any")), fc.boolean()).map(
      ([properties, isClosed]): JsonObject => ({
        type: "object",
        properties,
        required: Object.keys(properties).slice(0, 2),
        ...(isClosed && { additionalProperties: false }),
      }),
    ),
  ),
})).any;

test("whatever the schema and the text, the answer fits the schema or is a refusal", () => {
  const texts = fc.oneof(fc.string(), fc.constantFrom(INVOICE, "total: 3\nname: Ada\ncolour: red", "- a\n- b 2\n- c", "constructor: x"));
  fc.assert(
    fc.property(schemas, texts, (schema, text) => {
      const compiled = compileAnswer(schema);
      const answer = answerOffline({ messages: [user(text)], schema });
      if (answer.finish === "refused") return;
      assert.ok(compiled.ok);
      assert.deepEqual(compiled.check(JSON.parse(answer.text) as Json, "json"), []);
    }),
    { seed: 3, numRuns: 1_000 },
  );
});

test("a prompt of any size costs what is read of it: its beginning and its end", () => {
  const million = 1_000_000;
  const sixty = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`field${n}`, { type: ["string", "number", "array"][n % 3] ?? "" }]),
  );
  const hostile = ["a ", "我", "?", "a: b\n", "- a\n", "1. ", "\n", " ", "x,", "=", '"', "jan", "field1 is ", "a@", "not "];
  for (const piece of hostile) {
    const messages = [user(`${piece.repeat(million / piece.length)}\nWhat is the end?`)];
    for (const schema of [undefined, { type: "object", properties: { mail: { type: "string", format: "email" }, ...sixty } }]) {
      const answer = answerOffline({ messages, ...(schema && { schema }) });
      assert.ok(answer.inputTokens <= MAX_READ_CHARACTERS, piece);
      assert.ok(answer.text.length <= 2 * MAX_READ_CHARACTERS, `${piece}: ${answer.text.length}`);
    }
  }
});
