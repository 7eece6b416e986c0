import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersOf, read, write } from "#input/parameters.ts";

const SCHEMA = {
  type: "object",
  properties: {
    note: { type: "string", maxLength: 2000 },
    topic: { type: "string", title: "Topic", description: "What about." },
    count: { type: "integer" },
    price: { type: "number" },
    urgent: { type: "boolean" },
    colour: { enum: ["red", "blue"] },
    tags: { type: "array" },
  },
  required: ["topic", "count"],
};

const named = (name: string) => {
  const found = parametersOf(SCHEMA).find((one) => one.name === name);
  assert.ok(found);
  return found;
};

test("required parameters come first, each with the kind of field that its schema asks for", () => {
  assert.deepEqual(
    parametersOf(SCHEMA).map(({ name, kind, required }) => `${name} ${kind} ${required}`),
    [
      "topic text true",
      "count integer true",
      "note long false",
      "price number false",
      "urgent boolean false",
      "colour choice false",
      "tags json false",
    ],
  );
  assert.equal(named("topic").label, "Topic");
  assert.equal(named("topic").description, "What about.");
  assert.deepEqual(parametersOf({}), []);
});

test("what is typed becomes the value, or says why not; full-width digits are digits", () => {
  assert.deepEqual(read(named("count"), "１２"), { value: 12 });
  assert.deepEqual(read(named("count"), "1.5"), { fault: "integer", reason: "1.5" });
  assert.deepEqual(read(named("price"), "1.5"), { value: 1.5 });
  assert.deepEqual(read(named("price"), "cheap"), { fault: "number", reason: "cheap" });
  assert.deepEqual(read(named("topic"), ""), { value: undefined });
  assert.deepEqual(read(named("topic"), " tides "), { value: " tides " });
  assert.deepEqual(read(named("tags"), '["a"]'), { value: ["a"] });
  assert.equal("fault" in read(named("tags"), "[a]") && "json", "json");
  assert.deepEqual(read(named("urgent"), "true"), { value: true });
  assert.deepEqual(read(named("colour"), '"red"'), { value: "red" });
});

test("every value that is shown is read back", () => {
  for (const [name, value] of Object.entries({
    topic: "tides",
    note: "",
    count: 3,
    price: 0.5,
    urgent: false,
    colour: "blue",
    tags: ["a", { b: 1 }],
  })) {
    if (value !== "") assert.deepEqual(read(named(name), write(named(name), value)), { value }, name);
  }
  assert.equal(write(named("topic"), undefined), "");
});
