import type { Json } from "@millrace/contract";
import { escapeText } from "#flow/expression";
import { isBlank, objectOf, textOf } from "#flow/json";
import { quote } from "#flow/problems";
import { templateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** `model` of a node that calls one: the id of the file, or nothing where the server's default model is bound beside the document. */
export function modelMember({ node, translation }: ValueReader): { readonly model?: string } {
  const at = `${node.paramAt}.chatModelVersionId`;
  const id = node.param["chatModelVersionId"];
  if (isBlank(id)) {
    translation.report(node, "MR_BACKFILLED", at, "No model is named; the default model is used.");
    return {};
  }
  const model = textOf(id);
  if (translation.options.modelKnown?.(model) === false) {
    translation.report(node, "MR_MODEL_UNKNOWN", at, `The model ${quote(model)} is not configured on this server.`);
    translation.report(node, "MR_BACKFILLED", at, `The model ${quote(model)} is unknown; the default model is used.`);
  }
  return { model: escapeText(model) };
}

/** The prompts; a system prompt is ours, the vendor's nodes have the user's only. */
export function promptMember(values: ValueReader): { readonly [member: string]: Json } {
  const { param, paramAt } = values.node;
  const system = param["systemPrompt"];
  return {
    ...(isBlank(system) ? {} : { system: templateText(system, `${paramAt}.systemPrompt`, values) }),
    user: templateText(param["userPrompt"], `${paramAt}.userPrompt`, values),
  };
}

/** Ids of plugins in a list of `{pluginId}`. */
export function pluginIds(plugins: readonly Json[]): readonly string[] {
  return plugins
    .map((plugin) => textOf(objectOf(plugin)["pluginId"]))
    .filter((id) => id.trim() !== "")
    .map(escapeText);
}
