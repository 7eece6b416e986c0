import { escapeText } from "#flow/expression";
import { listOf, textOf } from "#flow/json";
import { MAX_PASSAGES } from "#flow/limits";
import { firstOutput, isArrayOf, isString, outputsOf, type Translated } from "#flow/nodes/translated";
import { textConfig } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** The vendor's names for what was found. */
const FOUND =
  "result.items.map(i => ({ content: i.text, score: i.score, documentId: i.source.documentId, documentName: i.source.documentName, " +
  "chunkId: i.source.chunkId }))";

const TEXTS = 'result.items.map(i => i.text).join("\\n\\n")';

export function translateDataset(values: ValueReader): Translated {
  const { node } = values;
  const { topK } = node.param;
  const rows = firstOutput(node, (output) => isArrayOf(output, "object"));
  const text = firstOutput(node, isString);
  return {
    type: "knowledge",
    config: {
      query: textConfig(node.param["query"] ?? "", `${node.paramAt}.query`, values),
      collections: listOf(node.param["dataGroupIds"]).map((id) => escapeText(textOf(id))),
      ...(typeof topK === "number" ? { topK: Math.max(1, Math.min(MAX_PASSAGES, Math.round(topK))) } : {}),
    },
    outputs: outputsOf(node, (output) => (output === rows ? FOUND : output === text ? TEXTS : null)),
  };
}
