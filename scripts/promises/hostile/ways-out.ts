import type { JsonObject } from "@millrace/contract";
import { Tally } from "../frame/check.ts";
import { document, start } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";

type Fault = string | null;

/** A place of the server, other than an http node and a webhook, that is told where to send. */
interface WayOut {
  readonly name: string;
  /** Has it send to the address; what it did other than to refuse. */
  reach(server: Millrace, url: string, serial: number): Promise<Fault>;
}

/** What asks the service of a connection that the server took. */
type Asking = (server: Millrace, connection: string) => Promise<Fault>;

const call = (server: Millrace, method: string, path: string, body: object): Promise<Answer> =>
  server.call(method, `/api/v1${path}`, { key: ADMIN_KEY, body });

/** A run of this node ends in an error, and in no other than that it may not go there. */
const byNode =
  (node: (connection: string) => JsonObject): Asking =>
  async (server, connection) => {
    const nodes = [start({}), { id: "asks", ...node(connection) }, { id: "end", type: "end", output: {} }];
    const { key } = await server.publish(document(connection, nodes, ["start -> asks", "asks -> end"]));
    const { status, json, text } = await invoke(server, key, { input: {} });
    const { type = "" } = (json["error"] ?? {}) as { readonly type?: string };
    return status === 200 && type === "egress_denied" ? null : `${status} ${text.slice(-300)}`;
  };

const byTest: Asking = async (server, connection) => {
  const { status, json, text } = await call(server, "POST", `/connections/${connection}/test`, {});
  const { type = "" } = (json["error"] ?? {}) as { readonly type?: string };
  return status === 200 && type === "egress_denied" ? null : `${status} ${text.slice(-300)}`;
};

const byTools: Asking = async (server, connection) => {
  const { status, text } = await server.call("GET", `/api/v1/tools/${connection}`, { key: ADMIN_KEY });
  return status >= 400 ? null : `${status} ${text.slice(-300)}`;
};

/** By a connection to a service of this kind. Its address is refused when it is set, or when somebody asks the service. */
function byConnection(name: string, settings: { readonly provider: string; readonly scheme?: string }, asking: Asking): WayOut {
  const { provider, scheme } = settings;
  return {
    name,
    reach: async (server, url, serial) => {
      const connection = `${name.replaceAll(" ", "_")}_${serial}`;
      const baseUrl = scheme === undefined ? url : url.replace(/^https?:/i, `${scheme}:`);
      const credential =
        scheme === undefined
          ? { type: "bearer", value: "a-value-of-no-use" }
          : { type: "basic", username: "me", value: "a-value-of-no-use" };
      const { status, text } = await call(server, "PUT", `/connections/${connection}`, { provider, baseUrl, credential });
      if (status >= 500) return `${status} ${text}`;
      return status >= 400 ? null : asking(server, connection);
    },
  };
}

const database = (connection: string) => ({ type: "database", connection, sql: "SELECT 1" });

const WAYS_OUT: readonly WayOut[] = [
  byConnection(
    "connection",
    { provider: "http" },
    byNode((connection) => ({ type: "http", connection, request: { url: "x" } })),
  ),
  byConnection("connection test", { provider: "http" }, byTest),
  byConnection(
    "model",
    { provider: "openai-compatible" },
    byNode((name) => ({ type: "llm", model: `${name}/m`, prompt: "Hi." })),
  ),
  byConnection("mcp server", { provider: "mcp" }, byTools),
  byConnection("postgres", { provider: "postgres", scheme: "postgres" }, byNode(database)),
  byConnection("mysql", { provider: "mysql", scheme: "mysql" }, byNode(database)),
  {
    name: "alert",
    reach: async (server, url) => {
      const made = await call(server, "POST", "/alerts", { kind: "webhook_failing", channel: { kind: "webhook", url } });
      if (made.status >= 400 && made.status < 500) return null;
      const tested = await call(server, "POST", `/alerts/${String(made.json["id"])}/test`, {});
      return tested.json["delivered"] === false ? null : `${tested.status} ${tested.text.slice(-300)}`;
    },
  },
];

/** Every other way out at each of these addresses, and once at the one that is allowed: a way that never sends would prove nothing. */
export async function otherWaysOut(
  server: Millrace,
  urls: readonly string[],
  allowed: { readonly port: number; readonly visits: number },
): Promise<{ readonly hostile: Tally; readonly allowed: Tally }> {
  const hostile = new Tally();
  const open = new Tally();
  const base = await server.manage("POST", "/api/v1/knowledge", { name: "hostile" });
  const knowledge: WayOut = {
    name: "document of a knowledge base",
    reach: async (asked, url) => {
      const { status, text } = await call(asked, "POST", `/knowledge/${String(base["id"])}/documents`, { url });
      return status >= 400 && status < 500 ? null : `${status} ${text}`;
    },
  };
  for (const way of [...WAYS_OUT, knowledge]) {
    const before = allowed.visits;
    await way.reach(server, `http://127.0.0.1:${allowed.port}/`, urls.length);
    open.add(allowed.visits > before ? null : `${way.name}: nobody came to the target that is allowed`);
    for (const [serial, url] of urls.entries()) {
      const fault = await way.reach(server, url, serial);
      hostile.add(fault === null ? null : `${way.name} ${JSON.stringify(url)}: ${fault}`);
    }
  }
  return { hostile, allowed: open };
}
