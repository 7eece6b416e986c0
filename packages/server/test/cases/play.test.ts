import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { document, start } from "#testing/workflows";
import { Bench } from "./bench.ts";

const http = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: "http",
  request: { method: "GET", url: "https://example.com/{{ start.topic }}" },
  ...more,
});
const end = (output: JsonObject): JsonObject => ({ id: "end", type: "end", output });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Fetches with three attempts, then asks a model. */
const news = document(
  "news",
  [
    start({ topic: { type: "string" } }),
    http("fetch", { name: "Fetch it", retry: { maxAttempts: 3, initialMs: 20_000, jitter: false }, timeoutMs: 5_000 }),
    { id: "summarise", type: "llm", model: "openai/gpt-5-mini", prompt: "{{ fetch.body }}" },
    end({ text: "{{ summarise.text }}" }),
  ],
  ["start -> fetch", "fetch -> summarise", "summarise -> end"],
);

/** An error of `fetch` is handled. */
const careful = document(
  "careful",
  [start({ topic: { type: "string" } }), http("fetch", { onError: { do: "branch" } }), end({ body: "{{ fetch.body }}" })],
  ["start -> fetch", "fetch -> end", "fetch.error -> end"],
);

/** Prices items one by one, inside of two loops. */
const nested = document(
  "nested",
  [
    start({ topic: { type: "string" } }),
    {
      id: "rows",
      type: "loop",
      items: "{{ [['a', 'b'], ['c']] }}",
      body: {
        nodes: [
          {
            id: "cells",
            type: "batch",
            items: "{{ item }}",
            body: { nodes: [http("price", { retry: { maxAttempts: 2 } })], edges: [] },
            collect: "{{ price.body }}",
          },
        ],
        edges: [],
      },
      collect: "{{ cells.items }}",
    },
    end({ prices: "{{ rows.items }}" }),
  ],
  ["start -> rows", "rows -> end"],
);

const patient = document(
  "patient",
  [
    start({ topic: { type: "string" } }),
    { id: "pause", type: "delay", forMs: DAY },
    { id: "code", type: "code", inputs: { at: "{{ pause.firedAt }}" }, code: "return { at, two: 1 + 1 };" },
    end({ at: "{{ code.at }}", two: "{{ code.two }}", id: "{{ uuid() }}", began: "{{ run.startedAt }}" }),
  ],
  ["start -> pause", "pause -> code", "code -> end"],
);

const refund = document(
  "refund",
  [
    start({ topic: { type: "string" } }),
    {
      id: "ask",
      type: "approval",
      title: "Refund?",
      form: { type: "object", properties: { amount: { type: "integer" } }, required: ["amount"] },
      approvers: { people: ["ann@example.com", "bob@example.com"], needed: 2 },
      timeout: { afterMs: DAY },
    },
    end({ action: "{{ ask.action }}", amount: "{{ ask.form.amount }}", by: "{{ ask.by }}" }),
  ],
  ["start -> ask", "ask.approve -> end", "ask.reject -> end", "ask.timeout -> end"],
);

const caller = document(
  "caller",
  [
    start({ topic: { type: "string" } }),
    { id: "call", type: "workflow", workflow: "careful", input: { topic: "x" } },
    end({ got: "{{ call.body }}" }),
  ],
  ["start -> call", "call -> end"],
);

const agent = document(
  "agent",
  [
    start({ topic: { type: "string" } }),
    { id: "agent", type: "agent", model: "openai/gpt-5-mini", prompt: "Go", tools: [{ workflow: "careful" }] },
    end({ text: "{{ agent.text }}", steps: "{{ agent.steps.length }}" }),
  ],
  ["start -> agent", "agent -> end"],
);

const offline = document(
  "offline",
  [
    start({ topic: { type: "string" } }),
    { id: "llm", type: "llm", model: "offline/extractive", prompt: "The sky is blue. Grass is green. What colour is the sky?" },
    end({ text: "{{ llm.text }}" }),
  ],
  ["start -> llm", "llm -> end"],
);

const waiting = document(
  "waiting",
  [start({ topic: { type: "string" } }), { id: "paid", type: "signal", signal: "paid" }, end({ value: "{{ paid.value }}" })],
  ["start -> paid", "paid -> end"],
);

/** The same request for each item, whose answer is kept; what came of them in Jinja. */
const kept = document(
  "kept",
  [
    start({ topic: { type: "string" } }),
    {
      id: "each",
      type: "loop",
      items: "{{ [1, 2, 3] }}",
      body: { nodes: [http("price", { cache: { ttlMs: DAY } })], edges: [] },
      collect: "{{ price.body }}",
    },
    { id: "text", type: "template", inputs: { items: "{{ each.items }}" }, jinja: "{% for item in items %}[{{ item }}]{% endfor %}" },
    end({ text: "{{ text.text }}" }),
  ],
  ["start -> each", "each -> text", "text -> end"],
);

describe("a case of a test file", () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.open([news, careful, nested, patient, refund, caller, agent, offline, waiting, kept]);
  });
  after(() => bench.close());

  test("runs with nodes mocked by id and by name, and is billed what the rate card says of mocked tokens", async () => {
    const { observed, differences, unmocked } = await bench.play("news", {
      input: { topic: "rain" },
      mocks: { "Fetch it": { output: { body: "rain" } }, summarise: { text: "Rain.", tokens: { in: 1_000_000, out: 1_000_000 } } },
      expect: { output: { text: { match: "^Rain" } }, path: ["start", "fetch", "summarise", "end"], nodes: { fetch: { attempts: 1 } } },
    });
    assert.deepEqual([differences, unmocked], [[], []]);
    assert.equal(observed.tokens, 2_000_000);
    assert.ok(Number(observed.credits) > 0, observed.credits);
  });

  test("fails attempts one by one, and retries take no time of ours", async () => {
    const played = await bench.play("news", {
      mocks: {
        fetch: { fail: ["http_503", { type: "http_429", retryAfterMs: HOUR }], output: { body: "late" } },
        summarise: { text: "Late." },
      },
      expect: { output: { text: "Late." }, nodes: { fetch: { attempts: 3, output: { body: "late" } } } },
    });
    assert.deepEqual(played.differences, []);
    assert.equal(played.observed.runMs, 20_000 + HOUR);
  });

  test("fails as nodes do: what is terminal is not tried again", async () => {
    const terminal = await bench.play("news", {
      mocks: { fetch: { fail: "http_404" } },
      expect: { status: "FAILED", error: { type: "http_404", node: "fetch" }, nodes: { fetch: { attempts: 1 } }, path: ["start", "fetch"] },
    });
    const passing = await bench.play("news", {
      mocks: { fetch: { fail: "http_503" } },
      expect: { error: { type: "http_503", node: "fetch", message: { contains: "mocked" } }, nodes: { fetch: { attempts: 3 } } },
    });
    assert.deepEqual([terminal.differences, passing.differences], [[], []]);
  });

  test("a mock that takes longer than the node may runs into the node's own time limit", async () => {
    const { differences } = await bench.play("news", {
      mocks: { fetch: { output: { body: "slow" }, afterMs: DAY } },
      expect: { error: { type: "node_timeout", node: "fetch" }, nodes: { fetch: { attempts: 3 } } },
    });
    assert.deepEqual(differences, []);
  });

  test("an effect that nothing stands in for fails the case, names the node, and is handled by no error branch", async () => {
    const { unmocked } = await bench.play("careful", { input: { topic: "x" } });
    assert.deepEqual(unmocked, [{ node: "fetch", wanted: "GET https://example.com/x" }]);
    const model = await bench.play("news", { mocks: { fetch: { output: { body: "x" } } } });
    assert.deepEqual(model.unmocked, [{ node: "summarise", wanted: "the model openai/gpt-5-mini" }]);
  });

  test("a list of failures that has ended leaves the node without a stand-in", async () => {
    const { unmocked } = await bench.play("news", { mocks: { fetch: { fail: ["http_503"] } } });
    assert.deepEqual(
      unmocked.map(({ node }) => node),
      ["fetch"],
    );
  });

  test("an error branch is taken where a mocked failure is handled", async () => {
    const { differences } = await bench.play("careful", {
      mocks: { fetch: { fail: "http_500" } },
      expect: { status: "SUCCEED", output: { body: null }, nodes: { fetch: { status: "FAILED" } } },
    });
    assert.deepEqual(differences, []);
  });

  test("items have mocks of their own, by place and by value, in containers within containers", async () => {
    const { differences, observed } = await bench.play("nested", {
      mocks: {
        price: {
          perItem: [
            { item: "c", output: { body: 30 } },
            { index: 1, fail: ["http_503"], output: { body: 20 } },
          ],
          output: { body: 10 },
        },
      },
      expect: {
        output: { prices: [[10, 20], [30]] },
        path: ["start", "rows", "end"],
        nodes: { "rows[0]/cells[1]/price": { attempts: 2 }, "rows[1]/cells[0]/price": { output: { body: 30 } } },
      },
    });
    assert.deepEqual(differences, []);
    const inside = await bench.play("nested", {
      mocks: { price: { output: { body: 1 } } },
      expect: { path: { contains: ["rows[0]/cells[1]/price", "end"] } },
    });
    assert.deepEqual(inside.differences, []);
    assert.ok(observed.path.includes("rows[0]/cells[0]/price"));
  });

  test("a container is mocked as one node", async () => {
    const { differences } = await bench.play("nested", { mocks: { rows: { output: { items: [] } } }, expect: { output: { prices: [] } } });
    assert.deepEqual(differences, []);
  });

  test("a timer of a day takes no time, code runs for real, and chance and time are the same in every run", async () => {
    const play = () => bench.play("patient", { now: "2026-02-03T04:05:06Z" });
    const [first, second] = [await play(), await play()];
    assert.deepEqual(first.observed.output, second.observed.output);
    assert.equal(first.observed.runMs, DAY);
    const { at, two, began } = first.observed.output ?? {};
    assert.equal(two, 2);
    assert.equal(new Date(began as number).toISOString(), "2026-02-03T04:05:06.000Z");
    assert.equal(Number(at) - Number(began), DAY);
  });

  test("approvals are answered by as many people as they need, with their forms checked", async () => {
    const approved = await bench.play("refund", {
      mocks: { ask: { approve: { form: { amount: 7 }, by: "ann" }, afterMs: 5_000 } },
      expect: { output: { action: "approve", amount: 7, by: { match: "ann" } } },
    });
    assert.deepEqual(approved.differences, []);
    assert.equal(approved.observed.runMs, 5_000);
    const rejected = await bench.play("refund", {
      mocks: { ask: { reject: true } },
      expect: { output: { action: "reject", amount: null, by: "tester" } },
    });
    assert.deepEqual(rejected.differences, []);
    const unfit = await bench.play("refund", { mocks: { ask: { approve: { form: { amount: "much" } } } } });
    assert.equal(unfit.unmocked[0]?.node, "ask");
    assert.match(unfit.unmocked[0]?.wanted ?? "", /form\.amount/);
  });

  test("an approval runs out of time where the mock says so, or where the answer comes too late; without a mock it fails the case", async () => {
    const expect = { output: { action: "timeout", amount: null, by: null } };
    const silent = await bench.play("refund", { mocks: { ask: { timeout: true } }, expect });
    const late = await bench.play("refund", { mocks: { ask: { reject: true, afterMs: 2 * DAY } }, expect });
    assert.deepEqual([silent.differences, late.differences], [[], []]);
    const { unmocked } = await bench.play("refund", {});
    assert.deepEqual(
      unmocked.map(({ node }) => node),
      ["ask"],
    );
  });

  test("a called workflow runs from its file, with the mocks that the calling node has for it", async () => {
    const played = await bench.play("caller", {
      mocks: { call: { mocks: { fetch: { output: { body: 5 } } } } },
      expect: { output: { got: 5 }, path: ["start", "call", "end"] },
    });
    assert.deepEqual(played.differences, []);
    const unmocked = await bench.play("caller", {});
    assert.deepEqual(unmocked.unmocked, [{ node: "call > fetch", wanted: "GET https://example.com/x" }]);
    const replaced = await bench.play("caller", { mocks: { call: { output: { body: 6 } } }, expect: { output: { got: 6 } } });
    assert.deepEqual(replaced.differences, []);
  });

  test("an agent's answers are mocked one by one, and it uses its tools for real", async () => {
    const { differences, observed, unmocked } = await bench.play("agent", {
      mocks: {
        agent: {
          answers: [
            { toolCalls: [{ name: "careful", input: { topic: "y" } }], tokens: { in: 10, out: 1 } },
            { text: "Done.", tokens: { in: 20, out: 2 } },
          ],
          mocks: { fetch: { output: { body: "found" } } },
        },
      },
      expect: {
        output: { text: "Done.", steps: 2 },
        maxTokens: 33,
        nodes: { agent: { output: { contains: { toolCalls: [{ name: "careful", input: { topic: "y" }, isError: false }] } } } },
      },
    });
    assert.deepEqual([differences, unmocked], [[], []]);
    assert.equal(observed.tokens, 33);
    const whole = await bench.play("agent", {
      mocks: { agent: { text: "Done.", tokens: { in: 20, out: 2 } } },
      expect: { output: { text: "Done.", steps: 1 }, maxTokens: 22 },
    });
    assert.deepEqual(whole.differences, []);
    assert.equal(whole.observed.tokens, 22);
  });

  test("the built-in model needs no mock", async () => {
    const { differences, unmocked } = await bench.play("offline", { expect: { output: { text: "The sky is blue." } } });
    assert.deepEqual([differences, unmocked], [[], []]);
  });

  test("results are kept within a case and not beyond it, and Jinja is rendered for real", async () => {
    const mocks = { price: { perItem: [{ output: { body: 7 } }], fail: "http_500" } };
    const first = await bench.play("kept", { mocks, expect: { output: { text: "[7][7][7]" }, path: ["start", "each", "text", "end"] } });
    assert.deepEqual(first.differences, []);
    const second = await bench.play("kept", { mocks: { price: { output: { body: 8 } } }, expect: { output: { text: "[8][8][8]" } } });
    assert.deepEqual(second.differences, []);
  });

  test("whoever waits for a signal that nobody sends has no stand-in", async () => {
    const { unmocked } = await bench.play("waiting", {});
    assert.deepEqual(unmocked, [{ node: "paid", wanted: "a signal: mock the node's output" }]);
    const mocked = await bench.play("waiting", { mocks: { paid: { output: { value: 3 } } }, expect: { output: { value: 3 } } });
    assert.deepEqual(mocked.differences, []);
  });

  test("a recording stands in for what is not mocked, attempt by attempt", async () => {
    const usage = [{ kind: "chat", inputTokens: 3, outputTokens: 4, credits: "0.5" }];
    const recorded = {
      fetch: [{ error: { type: "http_503", message: "Away.", retryable: true } }, { output: { body: "taped" } }],
      summarise: [{ output: { text: "Taped." }, usage }],
    };
    const played = await bench.play(
      "news",
      { expect: { output: { text: "Taped." }, maxTokens: 7, nodes: { fetch: { attempts: 2 } } } },
      recorded,
    );
    assert.deepEqual([played.differences, played.unmocked, played.observed.credits], [[], [], "0.5"]);
    const outdated = { ...recorded, summarise: recorded.summarise.map((attempt) => ({ asked: "0123456789abcdef", ...attempt })) };
    const wanted = "a new recording, because what it asks for has changed: millrace test --record";
    assert.deepEqual((await bench.play("news", {}, outdated)).unmocked, [{ node: "summarise", wanted }]);
    const mocked = await bench.play(
      "news",
      { mocks: { summarise: { text: "Mocked." } }, expect: { output: { text: "Mocked." } } },
      recorded,
    );
    assert.deepEqual(mocked.differences, []);
  });
});
