import { escapeText } from "#flow/expression";
import { isBlank, textOf } from "#flow/json";
import { modelMember } from "#flow/nodes/models";
import { firstOutput, isFile, isString, outputsOf, type Translated } from "#flow/nodes/translated";
import { templateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** The prompt is what is spoken: it fills the first File output, its transcript the first String output. */
export function translateAudioLlm(values: ValueReader): Translated {
  const { node } = values;
  const { voice, userPrompt } = node.param;
  const audio = firstOutput(node, isFile);
  const transcript = firstOutput(node, isString);
  return {
    type: "audio",
    config: {
      ...modelMember(values),
      ...(isBlank(voice) ? {} : { voice: escapeText(textOf(voice)) }),
      prompt: templateText(userPrompt, `${node.paramAt}.userPrompt`, values),
    },
    outputs: outputsOf(node, (output) => (output === audio ? "result.audio" : output === transcript ? "result.text" : null)),
  };
}
