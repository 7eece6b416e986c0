import type { ModelList, ModelView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "GET", "/api/v1/models", { query: { ask: !given.on("known") } });
  const { data, notAsked } = json as ModelList;
  const only = given.text("connection");
  const shown = only === undefined ? data : data.filter(({ connection }) => connection === only);
  await context.output.data({ data: shown, notAsked }, { rows: shown.map(rowOf), names: shown.map(({ model }) => model) });
  for (const { connection, error } of notAsked) context.output.note(`${connection} did not tell its models: ${error.message}`);
};

function rowOf({ model, isDefault, capabilities, contextTokens, price }: ModelView) {
  return {
    model: isDefault ? `${model} (default)` : model,
    can: capabilities.join(", "),
    context: contextTokens,
    input: price?.input ?? "no price",
    output: price?.output ?? "no price",
  };
}
