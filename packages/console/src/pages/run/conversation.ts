import type { NodeTrace } from "@millrace/contract";

/** One thing that was said to a model, or that it said. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  /** Absent: words. */
  readonly what?: "reasoning" | "call" | "file";
  /** Of the tool or the file. */
  readonly name?: string;
  /** A text is shown as it is. */
  readonly value: unknown;
}

/** Kinds of nodes that are given messages and answer with some. */
const CONVERSING: ReadonlySet<string> = new Set(["llm", "agent", "intent", "extract"]);

export function converses({ nodeType, inputValue }: NodeTrace): boolean {
  return CONVERSING.has(nodeType) && inputValue !== undefined;
}

/** What the node was given and gave, in the order in which it was said. An output that the page has no more than the beginning of is left out. */
export function conversationOf(given: unknown, output: unknown): readonly Message[] {
  const { system, messages, prompt, files, intents, query, schema, instructions, text } = membersOf(given);
  if (Array.isArray(intents)) return [...words("system", intents.map(textOfIntent)), ...words("user", query), ...chosen(output)];
  if (schema !== undefined && text !== undefined)
    return [
      ...words("system", instructions),
      ...words("system", schema),
      ...words("user", text),
      ...words("assistant", withoutUsage(output)),
    ];
  return [
    ...words("system", system),
    ...listOf(messages).flatMap(earlier),
    ...words("user", prompt),
    ...listOf(files).map(fileOf),
    ...answers(output),
  ];
}

function textOfIntent(intent: unknown): string {
  return String(membersOf(intent)["text"] ?? "");
}

function chosen(output: unknown): Message[] {
  return words("assistant", membersOf(output)["intent"]);
}

/** What was read, without what the request cost. */
function withoutUsage(output: unknown): unknown {
  if (output === undefined || output === null) return undefined;
  const { usage: _, ...read } = membersOf(output);
  return read;
}

function earlier(message: unknown): Message[] {
  const { role, content, toolCalls, results } = membersOf(message);
  if (role === "tool") return listOf(results).map(resultOf);
  if (role !== "system" && role !== "user" && role !== "assistant") return [];
  return [...words(role, content), ...listOf(toolCalls).map(callOf)];
}

/** An agent has steps, each of which may use tools; an llm node says it all at once. */
function answers(output: unknown): Message[] {
  const { steps, reasoning, text, toolCalls } = membersOf(output);
  if (!Array.isArray(steps)) return [...thought(reasoning), ...words("assistant", text), ...listOf(toolCalls).map(callOf)];
  return steps.flatMap((step) => {
    const { reasoning, text, tools } = membersOf(step);
    return [...thought(reasoning), ...words("assistant", text), ...listOf(tools).flatMap((tool) => [callOf(tool), resultOf(tool)])];
  });
}

function words(role: Message["role"], value: unknown): Message[] {
  return value === undefined || value === null || value === "" ? [] : [{ role, value }];
}

function thought(value: unknown): Message[] {
  return words("assistant", value).map((message) => ({ ...message, what: "reasoning" }));
}

function callOf(call: unknown): Message {
  const { name, input } = membersOf(call);
  return { role: "assistant", what: "call", name: String(name), value: input };
}

function resultOf(result: unknown): Message {
  const { name, output } = membersOf(result);
  return { role: "tool", name: String(name), value: output };
}

/** A file by its name or address: its content may be megabytes, and is in the node's input. */
function fileOf(file: unknown): Message {
  const { name, url } = membersOf(file);
  const called = typeof file === "string" ? file : (name ?? url);
  return { role: "user", what: "file", value: String(called ?? "") };
}

function membersOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [name: string]: unknown }) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
