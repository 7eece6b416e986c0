import { type KnowledgeView, shellWord } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const body = {
    name: given.argument(0),
    description: given.text("description"),
    language: given.text("language"),
    embeddingModel: given.text("embedding-model"),
    passageCharacters: given.integer("passage", 200, 8_000),
    overlapCharacters: given.integer("overlap", 0, 4_000),
  };
  const { json } = await call(context, "POST", "/api/v1/knowledge", { body });
  const { id, name } = json as KnowledgeView;
  context.output.note(`  millrace knowledge add ${shellWord(name)} FILE …`);
  await context.output.data(json, { rows: [{ name, id }], names: [name] });
};
