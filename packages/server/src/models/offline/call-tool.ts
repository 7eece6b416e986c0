import { isJsonObject, type JsonObject } from "@millrace/contract";
import type { ChatTool } from "@millrace/nodes";
import { fillSchema } from "#models/offline/fill-schema";
import { spokenName } from "#models/offline/labels";
import { topicsOf } from "#models/offline/words";

export interface ChosenTool {
  readonly name: string;
  readonly input: JsonObject;
}

/** The tool that has most words in common with a text, where its parameters can be filled from it; null: there is none. */
export function chooseTool(tools: readonly ChatTool[], said: string): ChosenTool | null {
  const asked = topicsOf(said);
  const scored = tools
    .map((tool) => ({ tool, score: sharedTopics(asked, `${spokenName(tool.name)} ${tool.description}`) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  for (const { tool } of scored) {
    const filled = fillSchema(tool.parameters, said);
    if (filled.ok && isJsonObject(filled.value)) return { name: tool.name, input: filled.value };
  }
  return null;
}

function sharedTopics(asked: ReadonlySet<string>, text: string): number {
  return [...topicsOf(text)].filter((topic) => asked.has(topic)).length;
}
