import { isJsonObject, type Json, type JsonObject } from "#json";
import { renderSchema } from "#openapi/components";
import { errorResponses } from "#openapi/errors";
import { pathParameters } from "#paths";
import { type Route, type RouteBody, type RouteResponse, takesSession } from "#routes/route";
import { requiredScope } from "#scopes";

const JSON_TYPE = ["application/json"];

export function operation(route: Route): JsonObject {
  const scope = requiredScope(route.auth);
  const parameters = [
    ...pathParameters(route.path).map(pathParameter),
    ...objectParameters(route.query, "query"),
    ...objectParameters(route.headers, "header"),
  ];
  return {
    operationId: route.id,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    security: securityOf(route),
    ...(scope !== null && { "x-scope": scope }),
    ...(route.permission !== undefined && { "x-permission": route.permission }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== undefined && { requestBody: requestBody(route.body) }),
    responses: { ...successResponses(route), ...errorResponses(route) },
  };
}

function securityOf(route: Route): readonly JsonObject[] {
  if (route.auth === "none") return [];
  if (route.auth === "dev") return [{ devKey: [] }];
  const key = route.auth === "session" ? [] : [{ apiKey: [] }];
  return takesSession(route) ? [...key, { session: [] }] : key;
}

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  workflow: "Id or name of the workflow.",
  version: "Name of the version.",
  run: "Id of the run.",
  key: "Id of the key.",
  devKey: "The DevKey.",
  member: "Id of the member.",
  invitation: "Id of the invitation.",
  session: "Id of the session.",
  secret: "Name of the secret.",
  connection: "Name of the connection.",
  template: "Name of the template.",
  entry: "Number of the entry.",
  schedule: "Id of the schedule.",
  hook: "Id of the hook.",
  token: "The token of the address: who knows it needs no key.",
  value: "`input`, `output`, or the name that the trace has for the value.",
  share: "Id of the link.",
  job: "Id of the job.",
  approval: "Id of the approval.",
  delivery: "`webhook-id` of the delivery.",
  base: "Id or name of the knowledge base.",
  document: "Id of the document.",
  models: "The models whose price it is: `connection/model`, with `*` for any characters.",
  budget: "Id of the budget.",
  alert: "Id of the alert rule.",
  collection: "Name of the collection.",
  backup: "Name of the archive.",
};

function pathParameter(name: string): JsonObject {
  const description = PATH_PARAMETERS[name];
  if (description === undefined) throw new Error(`openapi: nobody says what {${name}} of a path is`);
  return { name, in: "path", required: true, description, schema: { type: "string" } };
}

function objectParameters(schema: object | undefined, place: "query" | "header"): readonly JsonObject[] {
  const plain = schema === undefined ? {} : (renderSchema(schema) as JsonObject);
  const required = Array.isArray(plain["required"]) ? plain["required"] : [];
  const properties = isJsonObject(plain["properties"]) ? plain["properties"] : {};
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = isJsonObject(property) ? property : {};
    return { name, in: place, required: required.includes(name), ...(description !== undefined && { description }), schema: rest };
  });
}

function requestBody(body: RouteBody): JsonObject {
  return { required: true, content: contentOf(body, body.contentTypes ?? JSON_TYPE) };
}

function contentOf({ schema, examples }: Pick<RouteResponse, "schema" | "examples">, contentTypes: readonly string[]): JsonObject {
  const named = Object.entries(examples ?? {}).map(([name, value]): [string, Json] => [name, { value }]);
  const media = {
    ...(schema !== undefined && { schema: renderSchema(schema) }),
    ...(named.length > 0 && { examples: Object.fromEntries(named) }),
  };
  return Object.fromEntries(contentTypes.map((contentType) => [contentType, media]));
}

function successResponses(route: Route): JsonObject {
  const header = (name: string): JsonObject => ({ [name]: { $ref: `#/components/headers/${name}` } });
  const headers = {
    ...header("X-Request-Id"),
    ...(isAboutOneRun(route) && header("X-Run-Url")),
    ...(route.id === "invoke" && header("Idempotent-Replayed")),
  };
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, response]) => [
      status,
      {
        description: response.description,
        headers,
        ...(response.schema !== undefined && { content: contentOf(response, response.contentTypes ?? JSON_TYPE) }),
      },
    ]),
  );
}

function isAboutOneRun({ mark, path }: Route): boolean {
  return mark === "core" || (mark === "own" && path.startsWith("/v1/workflow/run/"));
}
