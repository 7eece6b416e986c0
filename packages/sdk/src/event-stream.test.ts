import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EventStreamReader } from "#event-stream";

const EVENTS = [
  { id: 0, event: "run.started", data: "{}" },
  { id: 7, event: "node.finished", data: '{"output":"id: 8\\n\\n: data"}' },
  { event: "node.delta", data: '{"text":"a"}' },
  { id: 12, event: "run.finished", data: '{"status":"SUCCEED"}' },
];
const TEXT = `:\n\n${EVENTS.map(({ id, event, data }) => `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n:\n\n`).join("")}`;

test("events are the same however the stream is cut into pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: TEXT.length })), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), TEXT.length];
      const reader = new EventStreamReader();
      const events = places.slice(1).flatMap((to, index) => reader.push(TEXT.slice(places[index], to)));
      assert.deepEqual(events, EVENTS);
    }),
  );
});

test("what is not whole is no event", () => {
  assert.deepEqual(new EventStreamReader().push("id: 1\nevent: node.started\ndata: {}\n"), []);
});
