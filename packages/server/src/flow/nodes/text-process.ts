import { listOf, textOf } from "#flow/json";
import { outputsOf, type Translated } from "#flow/nodes/translated";
import { looseTemplateText, textConfig } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** JOIN writes a text, SPLIT cuts one; the first output takes the result. */
export function translateTextProcess(values: ValueReader): Translated {
  const { param, paramAt } = values.node;
  if (isJoin(values))
    return result(values, "template", "result.text", { text: looseTemplateText(param["joinText"], `${paramAt}.joinText`, values) });
  return result(values, "split", "result.items", {
    text: textConfig(param["splitTarget"], `${paramAt}.splitTarget`, values),
    // Taken literally, braces too. An empty delimiter cuts nothing.
    delimiters: listOf(param["delimiters"])
      .map(textOf)
      .filter((delimiter) => delimiter !== ""),
  });
}

function isJoin({ node: { param } }: ValueReader): boolean {
  if (param["mode"] === "JOIN" || param["mode"] === "SPLIT") return param["mode"] === "JOIN";
  return typeof param["joinText"] === "string";
}

function result({ node }: ValueReader, type: string, code: string, config: NonNullable<Translated["config"]>): Translated {
  return { type, config, outputs: outputsOf(node, (output) => (output === node.outputs[0] ? code : null)) };
}
