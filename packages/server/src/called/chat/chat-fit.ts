import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

/** Names under which a Start node takes what the user says; the first that it has is it. */
const TEXT_NAMES = ["message", "prompt", "query", "question", "input", "text"] as const;

/** Members of an output that are the answer, where it has several. */
const ANSWER_NAMES = ["output", "answer", "text", "message", "content", "reply", "response", "result"] as const;

/** How a chat becomes a run's input, and its output an answer. */
export interface ChatFit {
  /** The parameter for the last thing that the user said. null: the conversation says it. */
  readonly text: string | null;
  /** The parameter for the conversation, as `{ role, content }`: `messages` takes all of it, `history` what came before. */
  readonly conversation: "messages" | "history" | null;
  /** Nodes whose text is the whole answer: what they show while they work is a part of it. */
  readonly shown: ReadonlySet<string>;
}

/** null: the Start node takes no text, or asks for something that no chat has. */
export function chatFit(input: JsonObject, nodes: readonly JsonObject[], ends: readonly JsonObject[]): ChatFit | null {
  const properties = isJsonObject(input["properties"]) ? input["properties"] : {};
  const text = TEXT_NAMES.find((name) => isPlain(properties[name], "string")) ?? null;
  const conversation = (["messages", "history"] as const).find((name) => isPlain(properties[name], "array")) ?? null;
  if (text === null && conversation !== "messages") return null;
  const required: readonly Json[] = Array.isArray(input["required"]) ? input["required"] : [];
  if (required.some((name) => name !== text && name !== conversation)) return null;
  return { text, conversation, shown: shownNodes(nodes, ends) };
}

function isPlain(schema: Json | undefined, type: string): boolean {
  return isJsonObject(schema) && schema["type"] === type && schema["x-file"] === undefined && schema["enum"] === undefined;
}

const TEXT_OF_NODE = /^\{\{\s*(\w+)\.text\s*\}\}$/;

/** The llm nodes of whose text an End makes nothing but its answer. An agent also shows what it says between its tools, which is no part of it. */
function shownNodes(nodes: readonly JsonObject[], ends: readonly JsonObject[]): ReadonlySet<string> {
  const models = new Set(nodes.filter(({ type }) => type === "llm").map(({ id }) => String(id)));
  const named = ends.flatMap(({ text, output }) => TEXT_OF_NODE.exec(String(text ?? answerIn(output)))?.[1] ?? []);
  return new Set(named.filter((id) => models.has(id)));
}

/** The member of an output that is the answer: the only one, or the first that has the name of one. */
function answerIn(output: Json | undefined): Json | undefined {
  if (!isJsonObject(output)) return undefined;
  const names = Object.keys(output);
  const name = names.length === 1 ? names[0] : ANSWER_NAMES.find((each) => Object.hasOwn(output, each));
  return name === undefined ? undefined : output[name];
}

/** What a run's output is as an answer: its text, or all of it as JSON where no member is the answer. */
export function answerText(output: JsonObject): string {
  const answer = answerIn(output);
  if (typeof answer === "string") return answer;
  return answer === null ? "" : JSON.stringify(answer ?? output);
}
