import type { Json } from "@millrace/contract";
import type { ChatCall, ChatTool } from "@millrace/nodes";
import { schemaAskedFor } from "#models/offline/asked-json";
import { type ChosenTool, chooseTool } from "#models/offline/call-tool";
import { chooseNumber } from "#models/offline/choose-number";
import { answerFrom } from "#models/offline/extract-sentences";
import { fillSchema } from "#models/offline/fill-schema";
import { type Prompt, readPrompt } from "#models/offline/prompt";
import { firstWords, wordsOf } from "#models/offline/words";

export interface OfflineAnswer {
  readonly text: string;
  readonly tool: ChosenTool | null;
  readonly finish: "stop" | "length" | "tools" | "refused";
  /** Words. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

type Asked = Pick<ChatCall, "messages" | "schema" | "tools" | "maxOutputTokens">;

/**
 * The model that needs no key and no network, and is no language model: it picks out of its prompt what fits. The last question's words
 * choose sentences; without one, the most central sentences are a summary. It fills a schema by labels, numbers and lists, chooses among
 * numbered choices by common words, and calls a tool whose words and parameters the text has. The same prompt has the same answer.
 */
export function answerOffline({ messages, schema, tools = [], maxOutputTokens }: Asked): OfflineAnswer {
  const prompt = readPrompt(messages);
  const inputTokens = wordsOf(prompt.read).length;
  const tool = toolFor(tools, prompt);
  if (tool) return { text: "", tool, finish: "tools", inputTokens, outputTokens: wordsOf(JSON.stringify(tool.input)).length };
  const { text, isRefused } = answered(prompt, schema);
  const cut = maxOutputTokens === undefined ? { text, isWhole: true } : firstWords(text, maxOutputTokens);
  const finish = isRefused ? "refused" : cut.isWhole ? "stop" : "length";
  return { text: cut.text, tool: null, finish, inputTokens, outputTokens: wordsOf(cut.text).length };
}

/** One call: what tools have answered is answered from. */
function toolFor(tools: readonly ChatTool[], { said, results }: Prompt): ChosenTool | null {
  return tools.length > 0 && results.length === 0 ? chooseTool(tools, said) : null;
}

function answered(prompt: Prompt, schema: ChatCall["schema"]): { readonly text: string; readonly isRefused: boolean } {
  const source = sourceOf(prompt);
  const asked = schema ? { schema, text: source } : /\banswer with\b[^.]*\bJSON\b/i.test(prompt.system) ? schemaAskedFor(source) : null;
  if (asked) {
    const filled = fillSchema(asked.schema, asked.text);
    if (filled.ok) return { text: JSON.stringify(filled.value), isRefused: false };
    return { text: `offline/extractive only copies from its prompt, and does not find there: ${filled.missing}.`, isRefused: true };
  }
  return { text: chooseNumber(prompt.system, prompt.opening) ?? answerFrom(prompt.said, source), isRefused: false };
}

function sourceOf({ said, results }: Prompt): string {
  return results.length === 0 ? said : results.map(({ output }) => spelled(output)).join("\n");
}

/** A tool's answer as lines: a text as it is, a value by its labels. */
function spelled(output: Json): string {
  if (typeof output === "string") return output;
  if (output === null || typeof output !== "object") return String(output);
  return Object.entries(output)
    .map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return Array.isArray(output) ? text : `${name}: ${text}`;
    })
    .join("\n");
}
