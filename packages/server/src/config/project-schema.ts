import { CLIENT_VARIABLES, VARIABLES, type Variable } from "#config/variables";

/** JSON Schema (2020-12) of `millrace.config.json`, for editors: every setting that is no secret. */
export function projectSchema(): object {
  const all = Object.entries<Variable<unknown>>({ ...CLIENT_VARIABLES, ...VARIABLES }).filter(([, { secret }]) => !secret);
  const properties = Object.fromEntries(all.map(([name, variable]) => [name, settingSchema(variable)]));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "millrace-config.json",
    title: "Settings of a Millrace project",
    type: "object",
    properties: { $schema: { type: "string" }, ...properties },
    additionalProperties: false,
  };
}

function settingSchema({ name, accepts, fallback, schema }: Variable<unknown>): object {
  return { ...schema, description: `As ${name}: ${accepts}.`, ...(fallback !== null && fallback !== "" && { default: fallback }) };
}
