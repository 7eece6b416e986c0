import type { JsonObject } from "@millrace/contract";
import type { Millrace } from "./millrace.ts";
import { canary } from "./spellings.ts";

/** One way in which a node sends something secret to a service. */
export interface Way {
  readonly name: string;
  readonly value: string;
  /** The node, an http one where it does not say, for a service at this origin; `start.path` says what becomes of the request. */
  node(origin: string): JsonObject;
}

/** What becomes of a call to a model lies in the base URL of its connection. */
const MODELS: { readonly [name: string]: { readonly provider: string; readonly path: string; readonly credential: JsonObject } } = {
  model_says: { provider: "openai-compatible", path: "/chat", credential: { type: "bearer" } },
  model_echoes: { provider: "openai", path: "/ok", credential: { type: "bearer" } },
  model_text: { provider: "google", path: "/text", credential: { type: "query", name: "key" } },
  model_refuses: { provider: "anthropic", path: "/status/401", credential: { type: "header", name: "x-api-key" } },
  model_fails: { provider: "google", path: "/status/503", credential: { type: "header", name: "x-goog-api-key" } },
  model_hangs_up: { provider: "azure", path: "/hangs-up", credential: { type: "header", name: "api-key" } },
};

/** Of its calls `start.path` says nothing. */
export function isModel({ name }: Way): boolean {
  return name in MODELS;
}

const url = (origin: string) => `${origin}{{ start.path }}`;
const asked = (more: JsonObject) => (origin: string) => ({ request: { url: url(origin), ...more } });
const connected = (name: string) => () => ({ connection: name, request: { url: "{{ start.path }}" } });

/** How http nodes send secrets: by name, and by connection. */
export function secretWays(serial: number): readonly Way[] {
  const way = (name: string, node: Way["node"]): Way => ({ name, value: canary(name, serial), node });
  return [
    way("path", (origin) => ({ request: { url: `${url(origin)}/{{ encodeURIComponent(secrets.path) }}` } })),
    way("query", asked({ query: { key: "{{ secrets.query }}" } })),
    way("header", asked({ headers: { "x-api-key": "{{ secrets.header }}" } })),
    way("bearer", asked({ auth: { type: "bearer", token: "{{ secrets.bearer }}" } })),
    way("basic", asked({ auth: { type: "basic", username: "me", password: "{{ secrets.basic }}" } })),
    way("json", asked({ method: "POST", body: { json: { key: "{{ secrets.json }}" } } })),
    way("form", asked({ method: "POST", body: { form: { key: "{{ secrets.form }}" } } })),
    way("multipart", asked({ method: "POST", body: { multipart: [{ name: "key", value: "{{ secrets.multipart }}" }] } })),
    way("connection_bearer", connected("connection_bearer")),
    way("connection_basic", connected("connection_basic")),
    way("connection_header", connected("connection_header")),
    way("connection_query", connected("connection_query")),
    ...Object.keys(MODELS).map((name) => way(name, () => ({ type: "llm", model: `${name}/m`, prompt: ASKED, output: "text" }))),
  ];
}

const CREDENTIALS: { readonly [name: string]: JsonObject } = {
  connection_bearer: { type: "bearer" },
  connection_basic: { type: "basic", username: "me" },
  connection_header: { type: "header", name: "x-api-key" },
  connection_query: { type: "query", name: "key" },
};

/** Puts the secret, or the connection to the origin. */
export async function putSecret(server: Millrace, { name, value }: Way, origin: string): Promise<void> {
  const credential = CREDENTIALS[name];
  const model = MODELS[name];
  if (model) {
    const body = { provider: model.provider, baseUrl: `${origin}${model.path}`, credential: { ...model.credential, value } };
    await server.manage("PUT", `/api/v1/connections/${name}`, body);
  } else if (credential)
    await server.manage("PUT", `/api/v1/connections/${name}`, { baseUrl: origin, credential: { ...credential, value } });
  else await server.manage("PUT", `/api/v1/secrets/${name}`, { value });
}

const CAME: JsonObject = { headers: "{{ call.headers }}", body: "{{ call.body }}", file: "{{ call.file }}" };
const SAID: JsonObject = { text: "{{ call.text }}", reasoning: "{{ call.reasoning }}" };

/** start → the way's node → end with all that came of it. */
export function workflowOf(way: Way, origin: string): JsonObject {
  return {
    format: "millrace/1",
    name: way.name,
    nodes: [
      { id: "start", type: "start", input: { type: "object", properties: { path: { type: "string" } } } },
      { id: "call", type: "http", ...way.node(origin), retry: { maxAttempts: 2, initialMs: 1, jitter: false } },
      { id: "end", type: "end", output: isModel(way) ? SAID : CAME },
    ],
    edges: ["start -> call", "call -> end"],
  };
}

/** Stands in every prompt here, and so in every body that a model is sent. */
export const ASKED = "Tell me.";

/** The path of what is sent on of what models said. */
export const SAID_PATH = "/ok/said";

/**
 * What a service says, secrets of the workflow included, goes to models in every way that a node has; what they say (the credential of their
 * connection, expressions that would read a secret) goes on to another model and to a service.
 */
export function askingWorkflow(origin: string): JsonObject {
  const model = "model_says/m";
  const intents = ["one", "other"].map((port) => ({ port, text: port }));
  const schema = { type: "object", properties: { known: { type: "array", items: { type: "string" } }, body: { type: "string" } } };
  const nodes: JsonObject[] = [
    { id: "start", type: "start", input: { type: "object" } },
    { id: "sends", type: "http", request: { url: `${origin}/ok`, headers: { "x-api-key": "{{ secrets.header }}" } } },
    { id: "first", type: "llm", model, system: "{{ sends.headers }}", prompt: `${ASKED} {{ sends.body }}` },
    { id: "intent", type: "intent", model, query: `${ASKED} {{ sends.body }}`, intents },
    { id: "extract", type: "extract", model, text: `${ASKED} {{ sends.body }}`, instructions: "{{ sends.headers }}", schema },
    {
      id: "agent",
      type: "agent",
      model,
      prompt: `${ASKED} {{ sends.body }}`,
      tools: [{ name: "look", description: "Looks.", http: { connection: "connection_header", url: "ok" } }],
    },
    { id: "template", type: "template", text: "{{ first.text }}" },
    {
      id: "second",
      type: "llm",
      model: "model_echoes/m",
      messages: [{ role: "assistant", content: "{{ first.reasoning }}" }],
      prompt: `${ASKED} {{ first.text }} {{ extract.known }} {{ template.text }} {{ agent.steps }}`,
      onError: { do: "continue" },
    },
    {
      id: "tells",
      type: "http",
      request: {
        method: "POST",
        url: `${origin}${SAID_PATH}`,
        body: { json: ["{{ first }}", "{{ extract }}", "{{ template }}", "{{ agent }}"] },
      },
    },
    {
      id: "end",
      type: "end",
      output: { first: "{{ first }}", extract: "{{ extract }}", template: "{{ template.text }}", agent: "{{ agent }}" },
    },
  ];
  const edges = [
    "start -> sends",
    "sends -> first",
    "sends -> intent",
    "sends -> extract",
    "sends -> agent",
    "agent -> second",
    "agent -> tells",
    "first -> template",
    "template -> second",
    "extract -> second",
    "template -> tells",
    "extract -> tells",
    "intent.one -> end",
    "intent.other -> end",
    "second -> end",
    "tells -> end",
  ];
  return { format: "millrace/1", name: "asking", nodes, edges };
}

/** One secret through every kind of node: what another node, an iteration or a called workflow gives back is no way out either. */
export function wanderingWorkflow(origin: string): JsonObject {
  const call = (id: string, path: string): JsonObject => ({ id, type: "http", request: { url: `${origin}${path}` } });
  const sends = { id: "sends", type: "http", request: { url: `${origin}/ok`, query: { key: "{{ secrets.query }}" } } };
  const nodes: JsonObject[] = [
    { id: "start", type: "start", input: { type: "object" } },
    sends,
    call("later", "/text/later"),
    {
      id: "code",
      type: "code",
      inputs: { body: "{{ later.body }}" },
      code: "console.log(inputs.body); return { all: inputs.body.split('') .join('') };",
    },
    { id: "template", type: "template", text: "{{ code.all }} {{ later.headers }}" },
    {
      id: "batch",
      type: "batch",
      items: [1, 2],
      body: { nodes: [call("inner", "/ok/{{ item }}")], edges: [] },
      collect: "{{ inner.body }}",
    },
    { id: "called", type: "workflow", workflow: "query", input: { path: "/ok" } },
    { id: "end", type: "end", output: { text: "{{ template.text }}", items: "{{ batch.items }}", called: "{{ called }}" } },
  ];
  const edges = [
    "start -> sends",
    "sends -> later",
    "later -> code",
    "code -> template",
    "template -> batch",
    "batch -> called",
    "called -> end",
  ];
  return { format: "millrace/1", name: "wandering", nodes, edges };
}
