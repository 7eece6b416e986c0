import { LIMITS } from "@millrace/contract";
import { presentModels } from "#called/chat/present-chat";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";

/** GET /v1/models. */
export const listChatModels: Handler = async ({ callables }, request, reply) =>
  reply.send(JSON.stringify(presentModels(await callables.all(callerOf(request), LIMITS.chatModels.value))));
