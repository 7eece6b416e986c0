import { errorOf, type Usage } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import type { WatchPorts } from "#telemetry/request-watch";
import { type Attributes, SPAN_KIND } from "#telemetry/span";
import type { SpanContext } from "#telemetry/trace-context";

interface Asked {
  /** `connection/model`; null: the server's default. */
  readonly model: string | null;
}

interface Answered {
  readonly model: string;
  readonly usage: readonly Usage[];
}

/** The same models, with each call a span below `parent` (the GenAI conventions for clients). Prompts and answers are told to nobody. */
export function watchModels(ports: WatchPorts, models: Models, parent: SpanContext, more: Attributes = {}): Models {
  const watched =
    <Call extends Asked, Answer extends Answered>(operation: string, ask: (call: Call) => Promise<Answer>) =>
    async (call: Call): Promise<Answer> => {
      const startedAt = ports.now();
      const end = (answer: Answered | null, errorType: string | undefined): void =>
        ports.record({
          traceId: parent.traceId,
          spanId: ports.newSpanId(),
          parentSpanId: parent.spanId,
          name: call.model === null ? operation : `${operation} ${call.model}`,
          kind: SPAN_KIND.client,
          startedAt,
          endedAt: Math.max(startedAt, ports.now()),
          attributes: { ...more, "gen_ai.operation.name": operation, ...aboutModel(call, answer) },
          errorType,
        });
      try {
        const answer = await ask(call);
        end(answer, undefined);
        return answer;
      } catch (error) {
        end(null, errorOf(error).type);
        throw error;
      }
    };
  if (!parent.sampled) return models;
  return {
    chat: watched("chat", models.chat),
    embed: watched("embeddings", models.embed),
    speak: watched("text_to_speech", models.speak),
    transcribe: watched("transcription", models.transcribe),
  };
}

/** The connection stands for the provider: which one it leads to is the operator's to know. */
function aboutModel({ model }: Asked, answer: Answered | null): Attributes {
  const [provider, ...name] = (answer?.model ?? model)?.split("/") ?? [];
  const sum = (count: (row: Usage) => number) => answer?.usage.reduce((total, row) => total + count(row), 0);
  return {
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model?.slice(model.indexOf("/") + 1),
    "gen_ai.response.model": answer ? name.join("/") : undefined,
    "gen_ai.usage.input_tokens": sum(({ inputTokens }) => inputTokens),
    "gen_ai.usage.output_tokens": sum(({ outputTokens }) => outputTokens),
  };
}
