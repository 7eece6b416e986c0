import { compileAnswer, type Json, type JsonObject } from "@millrace/contract";
import { TerminalError, type Usage } from "@millrace/engine";
import type { ChatAnswer, ChatCall, ChatMessage, Models } from "#kit/models";
import { paidBefore } from "#kit/paid-before";
import { readJson } from "#kit/read-json";

/** Nesting of JSON in an answer, as in requests to the server itself. */
const MAX_JSON_DEPTH = 100;

/** Faults that a model is told, and that an error names. */
const TOLD = 10;

export interface JsonAnswer {
  readonly json: Json;
  /** The one that was used. */
  readonly answer: ChatAnswer;
  /** Of all calls. */
  readonly usage: readonly Usage[];
}

/**
 * Asks a model for JSON: a value of the schema, or without one an object or an array. An answer that does not fit is sent back once, with
 * what is wrong with it.
 * @throws TerminalError `llm_output_invalid`, with what both calls cost, and what the calls throw.
 */
export async function askJson(models: Models, call: ChatCall, schema: JsonObject | null): Promise<JsonAnswer> {
  const asked = { ...call, messages: [instruction(schema), ...call.messages], ...(schema && { schema }) };
  const first = await models.chat(asked);
  const reading = readAnswer(first, schema);
  if (reading.ok) return { json: reading.value, answer: first, usage: first.usage };
  if (first.finish === "refused") throw new TerminalError("llm_output_invalid", "The model refused to answer.", { usage: first.usage });
  const messages = [...asked.messages, ...repairOf(first, reading.problems)];
  const second = await models.chat({ ...asked, messages }).catch((thrown: unknown) => {
    throw paidBefore(thrown, first.usage);
  });
  const usage = [...first.usage, ...second.usage];
  const repaired = readAnswer(second, schema);
  if (repaired.ok) return { json: repaired.value, answer: second, usage };
  return refuseAnswer(repaired.problems, usage);
}

/** What a model is told of the JSON that it is to answer with. */
export function instruction(schema: JsonObject | null): ChatMessage {
  const what = schema ? `one JSON value that matches this JSON Schema: ${JSON.stringify(schema)}` : "one JSON object";
  return { role: "system", text: `Answer with ${what}\nNo explanation, no code fence.` };
}

/** An answer that does not fit, and what is wrong with it. */
export function repairOf({ text }: Pick<ChatAnswer, "text">, problems: readonly string[]): readonly ChatMessage[] {
  const list = problems.map((problem) => `- ${problem}`).join("\n");
  const asked = `That answer cannot be used:\n${list}\nAnswer again, with the whole corrected JSON and nothing else.`;
  return [
    { role: "assistant", text },
    { role: "user", parts: [{ type: "text", text: asked }] },
  ];
}

/** @throws TerminalError `llm_output_invalid` */
export function refuseAnswer(problems: readonly string[], usage: readonly Usage[] = []): never {
  throw new TerminalError("llm_output_invalid", `The model's answer cannot be used: ${problems.join("; ")}`, { usage });
}

export type AnswerReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problems: readonly string[] };

const WHY = {
  syntax: "the answer is not JSON",
  number: "the answer holds a number that is too large",
  depth: `the answer is nested deeper than ${MAX_JSON_DEPTH}`,
} as const;

/** The JSON of an answer, where it is a value of the schema; without one, an object or an array. */
export function readAnswer({ text, finish }: Pick<ChatAnswer, "text" | "finish">, schema: JsonObject | null): AnswerReading {
  const reading = readJson(withoutFence(text), MAX_JSON_DEPTH);
  if (!reading.ok) return invalid(finish === "length" ? "the answer was cut off at its longest length" : WHY[reading.why]);
  if (schema) return fitting(reading.value, schema);
  if (typeof reading.value === "object" && reading.value !== null) return reading;
  return invalid("the answer is neither an object nor an array");
}

function invalid(problem: string): AnswerReading {
  return { ok: false, problems: [problem] };
}

function fitting(value: Json, schema: JsonObject): AnswerReading {
  const compiled = compileAnswer(schema);
  if (!compiled.ok) throw new TerminalError("type_error", `schema: ${compiled.problems[0]?.message}`);
  const faults = compiled.check(value, "json");
  return faults.length === 0 ? { ok: true, value } : { ok: false, problems: faults.slice(0, TOLD).map(({ message }) => message) };
}

/** What stands between the first line and the last, where these are a fence. */
function withoutFence(text: string): string {
  const [, inner] = /^\s*```[\w-]*[^\S\n]*\n([\s\S]*?)\n?[^\S\n]*```\s*$/.exec(text) ?? [];
  return inner ?? text;
}
