import { type JsonObject, say } from "@millrace/contract";
import { ANY, arrayOf, OBJECT, type SaidProblem, STRING } from "@millrace/engine";
import { checkAnswerSchema, TEXT_WITH_SCHEMA } from "#kit/answer-schema";
import { MODEL_RETRY, namedModels } from "#kit/model-name";
import { checkParameters, checkToolNames } from "#kit/model-tool";
import { defineSpec } from "#kit/spec";
import { type Config, configSchema } from "#llm/config";

export const spec = defineSpec({
  type: "llm",
  effect: "outside",
  paid: true,
  config: configSchema,
  members: { model: "literal", backup: "literal", output: "literal", schema: "literal" },
  result: () => ({
    fields: {
      text: STRING,
      json: ANY,
      reasoning: STRING,
      toolCalls: arrayOf(OBJECT),
      usage: OBJECT,
      finishReason: STRING,
      model: STRING,
    },
    open: false,
  }),
  connections: namedModels,
  retry: MODEL_RETRY,
  check,
});

function check(config: JsonObject): readonly SaidProblem[] {
  const { prompt, messages, output, schema, tools = [] } = config as unknown as Config;
  const problems: SaidProblem[] = schema ? [...checkAnswerSchema(schema, "/schema")] : [];
  problems.push(...tools.flatMap(({ parameters }, index) => (parameters ? checkParameters(parameters, `/tools/${index}/parameters`) : [])));
  problems.push(...checkToolNames(tools));
  if (tools.length > 0 && (schema || output === "json"))
    problems.push({
      code: "unused_member",
      level: "error",
      path: "/tools",
      message: say`an answer that is JSON offers no tools; leave one of them out, or let an agent node use the tools and answer by the schema`,
    });
  if (prompt === undefined && messages === undefined)
    problems.push({ code: "required", level: "error", path: "/prompt", message: say`prompt is required, or messages` });
  if (schema && output === "text") problems.push(TEXT_WITH_SCHEMA);
  return problems;
}
