import { BUILT_IN_MODELS, type Json, type JsonObject, type Mock } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import type { Capabilities, ChatAnswer, ChatCall, FileParser, Models, Sandbox } from "@millrace/nodes";
import type { RunPlace, Stage } from "#cases/stage";
import type { VirtualClock } from "#cases/virtual-clock";

/** What leaves the process. */
export type Outside = Pick<Capabilities, "models" | "databases" | "tools" | "knowledge">;

export interface CapabilityPorts {
  readonly stage: Stage;
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  readonly files: FileParser;
  /** Those that need no network. */
  readonly offlineModels: Models;
  /** Where a call names none. */
  readonly defaultModel: string;
  /** null: nothing does. */
  outside(place: RunPlace): Outside | null;
  usageOf(model: string | null, tokens: Mock["tokens"]): readonly Usage[];
}

/** What one attempt may use: what stays in the process is real. */
export function mockedCapabilities(ports: CapabilityPorts, place: RunPlace): Omit<Capabilities, "egress" | "workflows"> {
  const { stage, clock, sandbox, files } = ports;
  const real = ports.outside(place);
  const reach = <T>(wanted: string, call: (real: Outside) => Promise<T>) => stage.reach(place, wanted, real && (() => call(real)));
  return {
    sandbox: { run: (call) => clock.during(sandbox.run(call)), render: (call) => clock.during(sandbox.render(call)) },
    files: { parse: (call) => clock.during(files.parse(call)) },
    models: mockedModels(ports, place, reach),
    databases: { query: (query) => reach(`a statement on the database ${query.connection}`, ({ databases }) => databases.query(query)) },
    tools: {
      list: (names, limits) => reach(`the tools ${names.join(", ")}`, ({ tools }) => tools.list(names, limits)),
      call: (call) => reach(`the tool ${call.tool}`, ({ tools }) => tools.call(call)),
    },
    knowledge: { search: (search) => reach(`the knowledge of ${search.bases.join(", ")}`, ({ knowledge }) => knowledge.search(search)) },
  };
}

type Reach = <T>(wanted: string, call: (real: Outside) => Promise<T>) => Promise<T>;

function mockedModels(ports: CapabilityPorts, place: RunPlace, reach: Reach): Models {
  const { stage, clock, offlineModels, defaultModel } = ports;
  const nameOf = (model: string | null) => model?.trim() || defaultModel;
  const isBuiltIn = (model: string | null) => nameOf(model).startsWith(`${BUILT_IN_MODELS}/`);
  const wanted = ({ model }: { readonly model: string | null }) => `the model ${nameOf(model)}`;
  return {
    chat: async (call) => {
      const mock = stage.mock(place);
      const answer = mock && answerTo(mock, () => stage.countAsked(place));
      if (answer) return chatAnswer(ports, answer, { ...call, model: nameOf(call.model) });
      return isBuiltIn(call.model) ? clock.during(offlineModels.chat(call)) : reach(wanted(call), ({ models }) => models.chat(call));
    },
    embed: (call) => reach(wanted(call), ({ models }) => models.embed(call)),
    speak: (call) => reach(wanted(call), ({ models }) => models.speak(call)),
    transcribe: (call) => reach(wanted(call), ({ models }) => models.transcribe(call)),
  };
}

type MockedAnswer = NonNullable<Mock["answers"]>[number];

/** null: the mock says nothing of what the model answers. Of a list that has ended, the last holds. */
function answerTo(mock: Mock, nth: () => number): MockedAnswer | null {
  if (mock.answers) return mock.answers[Math.min(nth(), mock.answers.length - 1)] ?? null;
  return mock.text !== undefined || mock.json !== undefined ? mock : null;
}

function chatAnswer({ usageOf }: CapabilityPorts, { text, json, toolCalls = [], tokens }: MockedAnswer, call: ChatCall): ChatAnswer {
  const said = text ?? (json === undefined ? "" : JSON.stringify(json as Json));
  call.onDelta?.({ channel: "text", text: said });
  return {
    model: call.model ?? "",
    text: said,
    reasoning: null,
    toolCalls: toolCalls.map(({ name, input = {} }, index) => ({ id: `call_${index + 1}`, name, input: input as JsonObject })),
    finish: toolCalls.length > 0 ? "tools" : "stop",
    usage: usageOf(call.model, tokens),
  };
}
