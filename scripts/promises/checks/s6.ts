import { createServer } from "node:http";
import type { JsonObject } from "@millrace/contract";
import { HOSTILE } from "../../../packages/server/src/egress/testing/targets.ts";
import { type Check, Tally } from "../frame/check.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";
import { otherWaysOut } from "../hostile/ways-out.ts";

const AT_ONCE = 8;
const STATUSES = [301, 302, 303, 307, 308];

/** A listener on loopback that answers with a redirect to where its path says, and counts who comes. */
interface Loopback {
  readonly port: number;
  readonly connections: number;
  /** Connections and requests: a connection may be used again. */
  readonly visits: number;
  close(): Promise<void>;
}

function listen(): Promise<Loopback> {
  let connections = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    requests += 1;
    const asked = new URL(request.url ?? "/", "http://loopback");
    const to = asked.searchParams.get("to");
    const status = Number(asked.searchParams.get("status") ?? 200);
    response.writeHead(to === null ? 200 : status, to === null ? {} : { Location: Buffer.from(to).toString("latin1") }).end("{}");
  });
  server.on("connection", () => {
    connections += 1;
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const close = () => {
        server.closeAllConnections();
        return new Promise<void>((done) => server.close(() => done()));
      };
      resolve({
        port,
        get connections() {
          return connections;
        },
        get visits() {
          return connections + requests;
        },
        close,
      });
    });
  });
}

/** Calls the address that it is given. */
const CALLS: JsonObject = {
  format: "millrace/1",
  name: "calls",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { url: { type: "string" } } } },
    { id: "call", type: "http", request: { method: "GET", url: "{{ start.url }}" } },
    { id: "end", type: "end", output: {} },
  ],
  edges: ["start -> call", "call -> end"],
};

export const s6: Check = {
  id: "S6",
  property: "Outbound traffic reaches no address that is not public, by any spelling, redirect or webhook, unless it is allowed by name",
  run: async () => {
    const [allowed, canary] = await Promise.all([listen(), listen()]);
    const refused = { node: new Tally(), redirect: new Tally(), webhook: new Tally(), others: new Tally(), allowed: new Tally() };
    await withMillrace({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${allowed.port}`, MILLRACE_LOG_LEVEL: "silent" }, async (server) => {
      const { key } = await server.publish(CALLS);
      const targets = [...HOSTILE.map(({ url }) => url), ...spellings(canary.port)];
      await eachAtOnce(targets, AT_ONCE, async (url, n) => {
        refused.node.add(await nodeFault(server, key, url));
        const status = STATUSES[n % STATUSES.length];
        const redirect = `http://127.0.0.1:${allowed.port}/?status=${status}&to=${encodeURIComponent(url)}`;
        if (isHeader(url) && !isRelative(url)) refused.redirect.add(await nodeFault(server, key, redirect));
        refused.webhook.add(await webhookFault(server, key, url));
      });
      const others = await otherWaysOut(server, targets, allowed);
      refused.others.take(others.hostile);
      refused.allowed.take(others.allowed);
      const open = await invoke(server, key, { input: { url: `http://127.0.0.1:${allowed.port}/` } });
      refused.allowed.add(open.json["status"] === "SUCCEED" ? null : open.text);
    });
    await Promise.all([allowed.close(), canary.close()]);
    const all = Object.values(refused);
    return {
      counts: [
        refused.node.count("let through", "targets of an http node"),
        refused.redirect.count("let through", "targets of a redirect"),
        refused.webhook.count("let through", "targets of a webhook"),
        refused.others.count("let through", "targets of connections, models, tools, databases, alerts and documents"),
        refused.allowed.count("refused", "targets that are allowed"),
        {
          what: "connections to the canary",
          failed: canary.connections,
          of: refused.node.tried + refused.others.tried,
          tried: "hostile targets",
        },
      ],
      failures: all.flatMap(({ failures }) => failures),
    };
  },
};

/** This machine, spelled otherwise, at a port where somebody listens. */
function spellings(port: number): string[] {
  const hosts = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "localhost",
    "LOCALHOST.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "0",
  ];
  return hosts.map((host) => `http://${host}:${port}/`);
}

/** It can be said in a Location header. */
function isHeader(url: string): boolean {
  return /^[\x20-\x7e]+$/.test(url);
}

/** With a base it names the redirecting host itself. */
function isRelative(url: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(url.trim());
}

async function nodeFault(server: Millrace, key: string, url: string): Promise<string | null> {
  const { status, json, text } = await invoke(server, key, { input: { url } });
  const type = (json["error"] as { type?: string } | undefined)?.type;
  return status === 200 && type === "egress_denied" ? null : `${JSON.stringify(url)}: ${status} ${text.slice(-300)}`;
}

/** Refused before there is a run. */
async function webhookFault(server: Millrace, key: string, url: string): Promise<string | null> {
  const answer = await invoke(server, key, { input: { url: "http://127.0.0.1:1/" }, isAsync: true, webhook: [{ method: "POST", url }] });
  return answer.status >= 400 && answer.status < 500 ? null : `webhook ${JSON.stringify(url)}: ${answer.status} ${answer.text}`;
}
