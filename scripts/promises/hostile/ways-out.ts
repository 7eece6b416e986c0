import type { JsonObject } from "@millrace/contract";
import { document, echo, start } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";

/** What leads a way to the target: its own address, or an answer of another that is allowed. */
export type Lead = "address" | "redirect";

/** Has it send to the address; what it did other than to refuse. */
type Reach = (url: string, lead: Lead) => Promise<string | null>;

/** A place of the server, other than an http node and a webhook, that is told where to send. */
export interface WayOut {
  readonly name: string;
  /** Its protocol has answers that lead elsewhere. */
  readonly isRedirected: boolean;
  open(server: Millrace, around: Around): Promise<Reach>;
}

/** Services that ways may go to. */
export interface Around {
  /** Base URL of a chat model that uses each of its tools once. */
  readonly chat: string;
  /** Origin of one that workflows may call. */
  readonly allowed: string;
}

const call = (server: Millrace, method: string, path: string, body?: object): Promise<Answer> =>
  server.call(method, `/api/v1${path}`, { key: ADMIN_KEY, ...(body && { body }) });

const said = ({ status, text }: Answer): string => `${status} ${text.slice(-300)}`;

/** The run ended in an error, and in no other than that it may not go there; of a redirect, in any that its service's answer may mean. */
function runFault(answer: Answer, lead: Lead): string | null {
  const { type = "" } = (answer.json["error"] ?? {}) as { readonly type?: string };
  const isRefused = answer.json["status"] === "FAILED" && (lead === "redirect" || type === "egress_denied");
  return answer.status === 200 && isRefused ? null : said(answer);
}

const refused = (answer: Answer): string | null => (answer.status >= 400 && answer.status < 500 ? null : said(answer));

/** start → the node → end. */
async function publish(server: Millrace, name: string, node: JsonObject, output: JsonObject = {}): Promise<string> {
  const nodes = [
    start({ url: { type: "string" } }),
    { id: "asks", retry: { maxAttempts: 1 }, ...node },
    { id: "end", type: "end", output },
  ];
  return (await server.publish(document(slug(name), nodes, ["start -> asks", "asks -> end"]))).key;
}

const slug = (name: string): string => name.replaceAll(/[^a-z]+/g, "_");

/** A node that is told the address by the input. */
function byInput(name: string, node: JsonObject): WayOut {
  return {
    name,
    isRedirected: true,
    open: async (server) => {
      const key = await publish(server, name, node);
      return async (url, lead) => runFault(await invoke(server, key, { input: { url } }), lead);
    },
  };
}

/** Asks the service of a connection; made once, for whatever address the connection has by then. */
type Asking = (server: Millrace, connection: string) => Promise<(lead: Lead) => Promise<string | null>>;

/** A run of this node. */
const byNode =
  (node: (connection: string) => JsonObject): Asking =>
  async (server, connection) => {
    const key = await publish(server, `asks_${connection}`, node(connection));
    return async (lead) => runFault(await invoke(server, key, { input: {} }), lead);
  };

const byTest: Asking = async (server, connection) => async () => {
  const answer = await call(server, "POST", `/connections/${connection}/test`, {});
  const { type = "" } = (answer.json["error"] ?? {}) as { readonly type?: string };
  return answer.status === 200 && type === "egress_denied" ? null : said(answer);
};

/** What an MCP server offers. */
const byTools: Asking = async (server, connection) => async () => {
  const answer = await call(server, "GET", `/tools/${connection}`);
  return answer.status >= 400 ? null : said(answer);
};

const OPENAPI = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Hostile", version: "1" },
  servers: [{ url: "http://127.0.0.1:1" }],
  paths: { "/it": { get: { operationId: "getIt", responses: { 200: { description: "It." } } } } },
});

/** An operation of an imported document. */
const byOperation: Asking = async (server, connection) => {
  await server.manage("PUT", `/api/v1/tools/${connection}_tools`, { connection, document: OPENAPI });
  return byNode((name) => ({ type: "tool", tool: `${name}_tools/getIt`, input: {} }))(server, connection);
};

/** A search for what the connection's model makes vectors of. */
const bySearch: Asking = async (server, connection) => {
  const base = await server.manage("POST", "/api/v1/knowledge", { name: connection, embeddingModel: `${connection}/m` });
  return async () => {
    const answer = await call(server, "POST", `/knowledge/${String(base["id"])}/search`, { query: "anything" });
    return answer.status >= 400 ? null : said(answer);
  };
};

/** By a connection to a service of this kind. Its address is refused when it is set, or when somebody asks the service. */
function byConnection(name: string, { provider, scheme }: { readonly provider: string; readonly scheme?: string }, asking: Asking): WayOut {
  const connection = slug(name);
  const value = "a-value-of-no-use";
  const credential = scheme === undefined ? { type: "bearer", value } : { type: "basic", username: "me", value };
  const set = (server: Millrace, url: string): Promise<Answer> => {
    const baseUrl = scheme === undefined ? url : url.replace(/^https?:/i, `${scheme}:`);
    return call(server, "PUT", `/connections/${connection}`, { provider, baseUrl, credential });
  };
  return {
    name,
    isRedirected: scheme === undefined,
    open: async (server, { allowed }) => {
      await set(server, allowed);
      const ask = await asking(server, connection);
      return async (url, lead) => {
        const answer = await set(server, url);
        return answer.status < 400 ? ask(lead) : refused(answer);
      };
    },
  };
}

const model = (provider: string): WayOut =>
  byConnection(
    `model by ${provider}`,
    { provider },
    byNode((name) => ({ type: "llm", model: `${name}/m`, prompt: "Hi." })),
  );

const database = (provider: string): WayOut =>
  byConnection(
    provider,
    { provider, scheme: provider },
    byNode((connection) => ({ type: "database", connection, sql: "SELECT 1" })),
  );

/** The model is told of what its tool came to, so that the run goes on. */
const agentTool: WayOut = {
  name: "tool of an agent",
  isRedirected: true,
  open: async (server, { chat }) => {
    await server.manage("PUT", "/api/v1/connections/chat", { provider: "openai-compatible", baseUrl: chat });
    const tools = [{ name: "look", description: "Looks.", http: { url: "{{ start.url }}" } }];
    const node = { type: "agent", model: "chat/m", prompt: "Look.", tools };
    const key = await publish(server, "agent", node, { used: "{{ asks.toolCalls }}" });
    return async (url) => {
      const answer = await invoke(server, key, { input: { url } });
      const { used = [] } = (answer.json["output"] ?? {}) as { readonly used?: readonly { name: string; isError: boolean }[] };
      return used.some(({ name, isError }) => name === "look" && isError) ? null : said(answer);
    };
  },
};

/** A rule that tells by this channel. */
async function openAlert(server: Millrace, kind: "webhook" | "email", url: string): Promise<(url: string) => Promise<Answer>> {
  const made = await server.manage("POST", "/api/v1/alerts", { kind: "webhook_failing", channel: { kind, url } });
  const path = `/alerts/${String(made["id"])}`;
  return async (to) => {
    const changed = await call(server, "PATCH", path, { channel: { kind, url: to } });
    return changed.status >= 400 ? changed : call(server, "POST", `${path}/test`, {});
  };
}

const webhookTest: WayOut = {
  name: "test of a webhook",
  isRedirected: true,
  open: async (server) => {
    const { id } = await server.publish(echo("tested"));
    return async (url) => {
      const tested = await call(server, "POST", `/workflows/${id}/webhook-test`, { url });
      return tested.json["delivered"] === false ? null : refused(tested);
    };
  },
};

const alert: WayOut = {
  name: "alert",
  isRedirected: true,
  open: async (server, { allowed }) => {
    const tell = await openAlert(server, "webhook", allowed);
    return async (url) => {
      const told = await tell(url);
      return told.json["delivered"] === false ? null : refused(told);
    };
  },
};

/** Whatever hosts its addresses name, a mail is given to the mail server that the operator has set. */
const mail: WayOut = {
  name: "mail",
  isRedirected: false,
  open: async (server) => {
    const tell = await openAlert(server, "email", "mailto:ops@example.com");
    return async (url) => {
      const told = await tell(`mailto:ops@${URL.parse(url)?.hostname ?? url}`);
      return told.json["delivered"] === true ? null : refused(told);
    };
  },
};

const documentByUrl: WayOut = {
  name: "document of a knowledge base",
  isRedirected: true,
  open: async (server) => {
    const base = await server.manage("POST", "/api/v1/knowledge", { name: "hostile" });
    return async (url) => refused(await call(server, "POST", `/knowledge/${String(base["id"])}/documents`, { url }));
  },
};

const recording = { name: "said.wav", format: "wav", base64: "UklGRg==" };

export const WAYS_OUT: readonly WayOut[] = [
  byConnection(
    "connection",
    { provider: "http" },
    byNode((connection) => ({ type: "http", connection, request: { url: "x" } })),
  ),
  byConnection("connection test", { provider: "http" }, byTest),
  ...["openai-compatible", "openai", "azure", "anthropic", "google"].map(model),
  byConnection("model of a knowledge base", { provider: "openai-compatible" }, bySearch),
  byConnection(
    "model that speaks",
    { provider: "openai" },
    byNode((name) => ({ type: "audio", model: `${name}/m`, prompt: "Hi." })),
  ),
  byConnection(
    "model that writes down",
    { provider: "openai" },
    byNode((name) => ({ type: "audio", model: `${name}/m`, audio: recording })),
  ),
  agentTool,
  byConnection("operation of an imported document", { provider: "http" }, byOperation),
  byConnection("mcp server", { provider: "mcp" }, byTools),
  database("postgres"),
  database("mysql"),
  byInput("file to parse", { type: "file-parse", file: "{{ start.url }}" }),
  byInput("file for a model", { type: "llm", model: "offline/extractive", prompt: "Read.", files: ["{{ start.url }}"] }),
  byInput("recording", { type: "audio", model: "offline/extractive", audio: "{{ start.url }}" }),
  webhookTest,
  alert,
  mail,
  documentByUrl,
];
