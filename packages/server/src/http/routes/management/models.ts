import type { TestModelBody } from "@millrace/contract";
import { noteTarget } from "#deed";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";

export const listModels: Handler = async ({ modelCatalogue }, request, reply) => {
  const { ask = false } = request.query as { readonly ask?: boolean };
  return reply.send(JSON.stringify(await modelCatalogue.list(callerOf(request).tenantId, ask)));
};

export const testModel: Handler = async ({ modelTests }, request, reply) => {
  const { model = null, prompt } = request.body as TestModelBody;
  if (model !== null) noteTarget("model", model);
  return reply.send(JSON.stringify(await modelTests.test(callerOf(request).tenantId, model, prompt)));
};
