import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { RetryableError } from "@millrace/engine";
import { MAX_CALLS, MAX_SHOWN_CHARACTERS, MAX_TOLD_CHARACTERS, MAX_TOOLS } from "#agent/limits";
import { executor } from "#agent/run";
import type { Once } from "#kit/executor";
import { MAX_TOOL_ENTRIES } from "#kit/model-tool";
import type { ChatAnswer, ChatCall } from "#kit/models";
import { attemptWith } from "#testing/attempt";
import { NO_CAPABILITIES } from "#testing/doubles";
import { onceOver } from "#testing/once";

const SILENT: ChatAnswer = { model: "a/b", text: "", reasoning: null, toolCalls: [], finish: "stop", usage: [] };
const TOOL = { name: "look", description: "Looks.", http: { url: "https://example.com/" } };

interface World {
  /** What the model answers to its nth call, from 0. */
  readonly answer: (call: ChatCall, index: number) => Partial<ChatAnswer>;
  /** What the tool answers. */
  readonly found?: string;
  readonly recorded?: Map<string, Once>;
}

async function hold(config: JsonObject, { answer, found = "", recorded }: World) {
  const calls: ChatCall[] = [];
  let requests = 0;
  const chat = async (call: ChatCall): Promise<ChatAnswer> => ({ ...SILENT, ...answer(call, calls.push(call) - 1) });
  const request = async () => {
    requests += 1;
    return { status: 200, headers: { "content-type": "text/plain" }, body: new TextEncoder().encode(found), url: "" };
  };
  const capabilities = { ...NO_CAPABILITIES, models: { ...NO_CAPABILITIES.models, chat }, egress: { request } };
  const context = attemptWith(capabilities, { once: onceOver(capabilities, "r:n", recorded) });
  const running = executor.run({ prompt: "x", ...config }, context);
  return running.then((directive) => ({ output: (directive as { output: JsonObject }).output, calls, requests }));
}

const use = (count: number) => ({ toolCalls: Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: "look", input: {} })) });

/** Uses the tool so often at once, then answers. */
const usingOnce = (count: number) => (_: ChatCall, index: number) => (index === 0 ? use(count) : { text: "done" });

test("as many tools in one answer as are allowed; those beyond are not used, and the model is told", async () => {
  const { output, requests } = await hold({ tools: [TOOL] }, { answer: usingOnce(MAX_CALLS + 1), found: "x" });
  assert.equal(requests, MAX_CALLS);
  const errors = (output["toolCalls"] as JsonObject[]).map(({ isError }) => isError);
  assert.deepEqual(errors, [...Array.from({ length: MAX_CALLS }, () => false), true]);
});

test("an answer of a tool is told whole up to its limit, and cut off beyond; less of it is shown", async () => {
  const told = async (found: string) => {
    const { calls, output } = await hold({ tools: [TOOL] }, { answer: usingOnce(1), found });
    const results = calls[1]?.messages.flatMap((message) => (message.role === "tool" ? message.results : []));
    const [step] = output["steps"] as unknown as readonly { tools: readonly { output: Json }[] }[];
    return [results?.[0]?.output, step?.tools[0]?.output] as const;
  };
  const text = "x".repeat(MAX_TOLD_CHARACTERS);
  assert.equal((await told(text))[0], text);
  const [cutOff, shown] = await told(`${text}yz`);
  assert.equal(cutOff, `${text}\n[cut off: 2 more characters]`);
  assert.equal(String(shown).indexOf("\n"), MAX_SHOWN_CHARACTERS);
  const short = "x".repeat(MAX_SHOWN_CHARACTERS);
  assert.equal((await told(short))[1], short);
});

test("the model is called as often as maxSteps says, and not once more", async () => {
  const steps = (done: number) =>
    hold({ tools: [TOOL], maxSteps: 3 }, { answer: (_, index) => (index < done ? use(1) : { text: "done" }) });
  assert.equal((await steps(2)).calls.length, 3);
  await assert.rejects(steps(3), { type: "limit_exceeded" });
});

test("below maxCredits it goes on, at maxCredits it does not", async () => {
  const paying = (credits: string) => {
    const row = { kind: "chat" as const, inputTokens: 1, outputTokens: 1, credits };
    return hold({ tools: [TOOL], maxCredits: 1.5 }, { answer: (_, index) => ({ ...(index === 0 && use(1)), usage: [row] }) });
  };
  assert.equal((await paying("1.499999999999")).calls.length, 2);
  await assert.rejects(paying("1.5"), { type: "limit_exceeded" });
});

test("as many tools as are allowed", async () => {
  const tools = (count: number) => Array.from({ length: count }, (_, index) => ({ ...TOOL, name: `t${index}` }));
  assert.ok(MAX_TOOL_ENTRIES <= MAX_TOOLS);
  const { calls } = await hold({ tools: tools(MAX_TOOLS) }, { answer: () => ({}) });
  assert.equal(calls[0]?.tools?.length, MAX_TOOLS);
  await assert.rejects(hold({ tools: tools(MAX_TOOLS + 1) }, { answer: () => ({}) }), { type: "limit_exceeded" });
  await assert.rejects(hold({ tools: [TOOL, TOOL] }, { answer: () => ({}) }), { type: "type_error", message: /called look/ });
});

test("an attempt that finds records says the same as one that made them, and asks for the rest alone", async () => {
  const recorded = new Map<string, Once>();
  const busy = new RetryableError("llm_rate_limited", "later");
  const broken = hold(
    { tools: [TOOL] },
    {
      recorded,
      found: "f",
      answer: (_, index) => {
        if (index === 1) throw busy;
        return use(1);
      },
    },
  );
  await assert.rejects(broken, busy);
  assert.deepEqual([...recorded.keys()], ["1", "1.1"]);
  const again = await hold({ tools: [TOOL] }, { recorded, answer: () => ({ text: "done" }) });
  const whole = await hold({ tools: [TOOL] }, { found: "f", answer: usingOnce(1) });
  assert.deepEqual(again.output, whole.output);
  assert.deepEqual(again.calls[0]?.messages, whole.calls[1]?.messages);
  assert.deepEqual([again.calls.length, again.requests], [1, 0]);
});
