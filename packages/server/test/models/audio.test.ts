import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { edge, flow, input, node, output, reference } from "#flow/testing/flows";
import { document, start } from "#testing/workflows";
import { type ModelWorld, openModelWorld } from "./harness.ts";

// Speech through HTTP, against a model server of another make: natively, and as a vendor's file has it.

const SOUND = Buffer.from("ID3 some sound").toString("base64");

let world: ModelWorld;
before(async () => {
  world = await openModelWorld();
  world.models.onSpeech(/morning/, { audio: SOUND });
  world.models.onTranscription({ transcription: { text: "what was said" } });
});
after(() => world.close());

async function run(name: string, audio: JsonObject, given: JsonObject = {}): Promise<JsonObject> {
  const nodes = [
    start({ text: {}, file: {} }),
    { id: "audio", type: "audio", ...audio },
    { id: "end", type: "end", output: { result: "{{ audio }}" } },
  ];
  const { key } = await world.server.publish(document(name, nodes, ["start -> audio", "audio -> end"]));
  return (await world.server.invoke(key, { input: given })).json;
}

const resultOf = (ended: JsonObject) => {
  assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
  return (ended["output"] as { result: JsonObject }).result;
};

test("a text is spoken, and a recording is written down", async () => {
  const spoken = resultOf(
    await run("speak", { model: "models/tts-1", prompt: "{{ start.text }}", voice: "alloy" }, { text: "Good morning" }),
  );
  const { audio, text, model } = spoken;
  assert.deepEqual([text, model], ["Good morning", "models/tts-1"]);
  assert.deepEqual(audio, { name: "speech.mp3", format: "mp3", size: 14, base64: SOUND });
  const heard = resultOf(await run("hear", { model: "models/whisper-1", audio: "{{ start.file }}" }, { file: audio ?? null }));
  assert.deepEqual([heard["text"], heard["audio"]], ["what was said", null]);
});

test("the offline model can do neither", async () => {
  for (const [name, audio] of [
    ["speakOffline", { prompt: "Hi" }],
    ["hearOffline", { audio: { name: "a.mp3", format: "mp3", base64: SOUND } }],
  ] as const) {
    const { error } = await run(name, audio);
    assert.equal((error as JsonObject)["type"], "unsupported");
  }
});

test("AUDIO_LLM of a .flow file: the prompt is spoken, the recording and its text take the vendor's names", async () => {
  const file = flow(
    [
      node("START", "start", { outputs: [output("q", "STRING")] }),
      node("AUDIO_LLM", "say", {
        inputs: [input("q", reference("start#q#q"))],
        outputs: [output("reply"), output("sound", "FILE_AUDIO")],
        audioLlmParam: { chatModelVersionId: "models/tts-1", voice: "alloy", userPrompt: "Good morning, {{q}}" },
      }),
      node("END", "end", {
        outputs: [
          { ...output("reply"), ...reference("say#reply#reply") },
          { ...output("sound", "FILE_AUDIO"), ...reference("say#sound#sound", "FILE_AUDIO") },
        ],
        endParam: { outputType: "VARIABLE" },
      }),
    ],
    [edge("start", "say"), edge("say", "end")],
    { name: "saying" },
  );
  const { key: admin } = await world.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const body = Buffer.from(JSON.stringify(file));
  const headers = { "Content-Type": "application/octet-stream" };
  const imported = await world.server.call("POST", "/api/v1/import?publish=true", { key: admin, body, headers });
  assert.equal(imported.status, 200, imported.text);
  const { key } = await world.server.app.apiKeys.create(DEFAULT_TENANT, { workflows: ["saying"] });
  const { json } = await world.server.invoke(key, { input: { q: "Ada" } });
  const { reply, sound } = (json["output"] ?? {}) as JsonObject;
  assert.equal(reply, "Good morning, Ada", JSON.stringify(json));
  assert.equal((sound as JsonObject)["base64"], SOUND);
});
