import { member } from "#flow/expression";
import { textOf } from "#flow/json";
import { firstOutput, isArrayOf, isFile, isString, outputsOf, type Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

/** Reads the first input that is a file or a list of files. */
export function translateFileParse({ node }: ValueReader): Translated {
  const files = node.inputs.find((input) => isFile(input) || isArrayOf(input, "file"));
  const text = firstOutput(node, isString);
  const texts = firstOutput(node, (output) => isArrayOf(output, "string"));
  return {
    type: "file-parse",
    config: {
      file: files ? `{{ ${member("inputs", files.name)} }}` : null,
      mode: textOf(node.param["parseMode"]).toUpperCase() === "HIGHLEVEL" ? "highlevel" : "default",
    },
    outputs: outputsOf(node, (output) => (output === text ? "result.text" : output === texts ? "result.texts" : null)),
  };
}
