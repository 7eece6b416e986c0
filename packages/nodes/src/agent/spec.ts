import { ANY, arrayOf, OBJECT, STRING } from "@millrace/engine";
import { checkAgent, usedConnections, usedTools } from "#agent/check";
import { configSchema } from "#agent/config";
import { MODEL_RETRY } from "#kit/model-name";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "agent",
  // Each of its steps passes the budgets by itself.
  effect: "outside",
  config: configSchema,
  members: { model: "literal", backup: "literal", output: "literal", schema: "literal", onLimit: "literal", onToolError: "literal" },
  result: () => ({
    fields: {
      text: STRING,
      json: ANY,
      toolCalls: arrayOf(OBJECT),
      steps: arrayOf(OBJECT),
      usage: OBJECT,
      finishReason: STRING,
      model: STRING,
    },
    open: false,
  }),
  connections: usedConnections,
  tools: usedTools,
  retry: MODEL_RETRY,
  check: checkAgent,
});
