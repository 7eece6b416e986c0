import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { edge, flow, input, node, output, reference } from "#flow/testing/flows";
import { startPlayer } from "#testing/model-player";
import { startTestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { connectModels, type ModelWorld, openModelWorld } from "./harness.ts";

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

test("Google speaks in samples without a container, which come as WAV", async () => {
  await connectModels(world.server, world.models.url, "gemini", "google");
  const samples = Buffer.from("0001feff", "hex");
  world.models.onMessage(/evening/, { audio: { b64Json: samples.toString("base64"), contentType: "audio/L16;codec=pcm;rate=24000" } });
  const speak = { model: "gemini/gemini-2.5-flash-preview-tts", prompt: "{{ start.text }}", voice: "Kore" };
  const { audio, text } = resultOf(await run("speakGemini", speak, { text: "Good evening" }));
  const { base64, ...file } = audio as JsonObject;
  assert.deepEqual([text, file], ["Good evening", { name: "speech.wav", format: "wav", size: 48 }]);
  const wav = Buffer.from(String(base64), "base64");
  assert.deepEqual([wav.toString("latin1", 0, 4), wav.readUInt32LE(24), wav.subarray(44)], ["RIFF", 24_000, samples]);
  assert.match(world.models.getLastRequest()?.path ?? "", /gemini-2\.5-flash-preview-tts:generateContent$/);
});

test("what Google counts of speech is counted, in the words of both of its APIs", async () => {
  const answers: { readonly [path: string]: JsonObject } = {
    "/v1beta/models/speaker:generateContent": {
      candidates: [{ content: { role: "model", parts: [{ inlineData: { mimeType: "audio/L16;rate=24000", data: "AAE=" } }] } }],
      usageMetadata: {
        promptTokenCount: 7,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 3,
        cachedContentTokenCount: 2,
        totalTokenCount: 30,
      },
    },
    "/v1beta/interactions": {
      steps: [{ type: "model_output", content: [{ type: "text", text: "what was heard" }] }],
      usage: { total_input_tokens: 32, total_output_tokens: 4, total_thought_tokens: 5, total_cached_tokens: 1, total_tokens: 41 },
    },
  };
  const player = await startPlayer((answer) => {
    answer.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answers[answer.req.url ?? ""]));
  });
  const server = await startTestServer({ settings: { egressAllow: new URL(player.url).host } });
  try {
    await connectModels(server, player.url, "gemini", "google");
    const speak = { id: "speak", type: "audio", model: "gemini/speaker", prompt: "Good evening" };
    const hear = { id: "hear", type: "audio", model: "gemini/transcriber", audio: "{{ speak.audio }}" };
    const end = { id: "end", type: "end", output: { heard: "{{ hear.text }}", usage: ["{{ speak.usage }}", "{{ hear.usage }}"] } };
    const { key } = await server.publish(
      document("both", [start({}), speak, hear, end], ["start -> speak", "speak -> hear", "hear -> end"]),
    );
    const { json, text } = await server.invoke(key, { input: {} });
    assert.deepEqual([json["status"], json["totalTokens"]], ["SUCCEED", 71], text);
    const { heard, usage } = json["output"] as { heard: string; usage: JsonObject[] };
    const counts = usage.map(({ credits: _, ...rest }) => rest);
    assert.equal(heard, "what was heard");
    assert.deepEqual(counts, [
      { inputTokens: 7, outputTokens: 23, cachedTokens: 2, reasoningTokens: 3 },
      { inputTokens: 32, outputTokens: 9, cachedTokens: 1, reasoningTokens: 5 },
    ]);
  } finally {
    await server.close();
    await player.close();
  }
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
