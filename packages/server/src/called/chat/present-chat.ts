import type { ChatCompletion, ChatModelList, ChatUsage, JsonObject } from "@millrace/contract";
import type { Callable } from "#called/callables";
import { answerText } from "#called/chat/chat-fit";
import type { RunContents, RunRow } from "#store/store";

const seconds = (ms: number) => Math.floor(ms / 1_000);

/** `model` is the name that the caller used. */
export function presentCompletion(run: RunContents, model: string, usage: ChatUsage): ChatCompletion {
  const message = { role: "assistant", content: answerText(run.output ?? {}), refusal: null } as const;
  return {
    id: `chatcmpl-${run.id}`,
    object: "chat.completion",
    created: seconds(run.acceptedAt),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage,
  };
}

/** Makes the chunks of one answer. `withUsage`: each has a member `usage`, null but in the last. */
export function chunksOf({ id, acceptedAt }: Pick<RunRow, "id" | "acceptedAt">, model: string, withUsage: boolean) {
  const head = { id: `chatcmpl-${id}`, object: "chat.completion.chunk", created: seconds(acceptedAt), model };
  const chunk = (choices: readonly JsonObject[], usage: ChatUsage | null) =>
    JSON.stringify({ ...head, choices, ...(withUsage && { usage }) });
  return {
    delta: (delta: JsonObject, finish: "stop" | null = null) => chunk([{ index: 0, delta, logprobs: null, finish_reason: finish }], null),
    usage: (usage: ChatUsage) => chunk([], usage),
  };
}

export function presentModels(callables: readonly Callable[]): ChatModelList {
  const chats = callables.filter(({ version }) => version.chat !== null);
  const data = chats.map(({ name, createdAt }) => {
    return { id: name, object: "model", created: seconds(createdAt), owned_by: "millrace" } as const;
  });
  return { object: "list", data };
}
