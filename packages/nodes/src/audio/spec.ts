import { type JsonObject, say } from "@millrace/contract";
import { OBJECT, type SaidProblem, STRING } from "@millrace/engine";
import Type from "typebox";
import { exactlyOne } from "#kit/exactly-one";
import { MODEL_RETRY, modelName, namedModels } from "#kit/model-name";
import { anyValue, templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

/** Bytes of a recording, spoken or heard. */
export const MAX_AUDIO_BYTES = 10_485_760;

const config = Type.Object(
  {
    model: Type.Optional(
      modelName("`connection/model`: one that speaks, as `openai/gpt-4o-mini-tts`, or one that writes down, as `openai/whisper-1`."),
    ),
    prompt: Type.Optional(templateText("The text to speak.")),
    voice: Type.Optional(templateText("A voice of the provider, as `alloy`.")),
    audio: Type.Optional(anyValue("A recording to write down: a file of the run, { name, format, base64 }, or a URL that is fetched.")),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "audio",
  effect: "outside",
  paid: true,
  config,
  members: { model: "literal" },
  result: () => ({ fields: { audio: OBJECT, text: STRING, usage: OBJECT, model: STRING }, open: false }),
  connections: namedModels,
  retry: MODEL_RETRY,
  check,
});

function check(config: JsonObject): readonly SaidProblem[] {
  const kind = exactlyOne(config, ["prompt", "audio"], "");
  if (kind.length > 0 || config["prompt"] !== undefined || config["voice"] === undefined) return kind;
  return [{ code: "unused_member", level: "error", path: "/voice", message: say`what is written down has no voice` }];
}
