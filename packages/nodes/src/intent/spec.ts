import { type JsonObject, say } from "@millrace/contract";
import { INTEGER, nearHint, OBJECT, type SaidProblem, STRING } from "@millrace/engine";
import { type Config, configSchema, type Intent } from "#intent/config";
import { MODEL_RETRY, namedModels } from "#kit/model-name";
import { ERROR_PORT } from "#kit/port";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "intent",
  effect: "outside",
  paid: true,
  config: configSchema,
  members: { model: "literal", backup: "literal", fallback: "literal" },
  ports: (config) => (config as unknown as Config).intents.map(({ port }) => port),
  result: () => ({ fields: { intent: STRING, index: INTEGER, usage: OBJECT }, open: false }),
  connections: namedModels,
  retry: MODEL_RETRY,
  check,
});

function check(config: JsonObject): readonly SaidProblem[] {
  const { intents, fallback } = config as unknown as Config;
  return [...intents.flatMap(checkPort), ...checkFallback(intents, fallback)];
}

function checkPort({ port }: Intent, index: number, intents: readonly Intent[]): readonly SaidProblem[] {
  const path = `/intents/${index}/port`;
  if (port === ERROR_PORT)
    return [{ code: "reserved_port", level: "error", path, message: say`the port ${port} belongs to no intent; choose another name` }];
  if (intents.findIndex((other) => other.port === port) === index) return [];
  return [{ code: "duplicate_port", level: "error", path, message: say`two intents have the port ${port}; each needs its own` }];
}

function checkFallback(intents: readonly Intent[], fallback: string | undefined): readonly SaidProblem[] {
  const ports = intents.map(({ port }) => port);
  if (fallback === undefined || ports.includes(fallback)) return [];
  const hint = nearHint(fallback, ports) ?? say`ports are ${ports.join(", ")}`;
  return [{ code: "unknown_port", level: "error", path: "/fallback", message: say`no intent has the port ${fallback}`, hint }];
}
