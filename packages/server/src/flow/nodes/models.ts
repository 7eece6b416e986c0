import type { Json } from "@millrace/contract";
import { isBlank, textOf } from "#flow/json";
import { quote } from "#flow/problems";
import { templateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** `model` of a node that calls one; nothing where the server has no such model: then its default model is used. */
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
    return {};
  }
  return { model };
}

/** The prompts; a system prompt is ours, the vendor's nodes have the user's only. */
export function promptMembers(values: ValueReader): { readonly [member: string]: Json } {
  const { param, paramAt } = values.node;
  const system = param["systemPrompt"];
  return {
    ...(isBlank(system) ? {} : { system: templateText(system, `${paramAt}.systemPrompt`, values) }),
    prompt: templateText(param["userPrompt"], `${paramAt}.userPrompt`, values),
  };
}
