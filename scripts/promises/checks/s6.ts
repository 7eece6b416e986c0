import type { JsonObject } from "@millrace/contract";
import { BENIGN, HOSTILE } from "../../../packages/server/src/egress/testing/targets.ts";
import { type Check, Tally } from "../frame/check.ts";
import { startEcho } from "../harness/echo.ts";
import { startMailServer } from "../harness/mail-server.ts";
import { ADMIN_KEY, type Millrace, withMillrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";
import { tryWays } from "../hostile/try-ways.ts";
import { WAYS_OUT } from "../hostile/ways-out.ts";

const AT_ONCE = 8;
const STATUSES = [301, 302, 303, 307, 308];
/** Of what services can lead to, each of the other ways is led to one target in so many; all of them together to each. */
const LED_ONE_IN = 8;

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
  run: async ({ long }) => {
    const [allowed, chat, canary, mail] = await Promise.all([startEcho(), startEcho(), startEcho(), startMailServer()]);
    const refused = { node: new Tally(), redirect: new Tally(), webhook: new Tally(), others: new Tally(), led: new Tally() };
    const open = new Tally();
    const settings = {
      MILLRACE_EGRESS_ALLOW: `127.0.0.1:${allowed.port},127.0.0.1:${chat.port}`,
      MILLRACE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      MILLRACE_LOG_LEVEL: "silent",
    };
    await withMillrace(settings, async (server) => {
      const { key } = await server.publish(CALLS);
      const all = [...HOSTILE.map(({ url }) => url), ...spellings(canary.port)];
      const named = all.filter((url) => isHeader(url) && !isRelative(url));
      await eachAtOnce(all, AT_ONCE, async (url) => {
        refused.node.add(await nodeFault(server, key, url));
        refused.webhook.add(await webhookFault(server, key, url));
      });
      await eachAtOnce(named, AT_ONCE, async (url, n) => {
        const redirect = `${allowed.origin}/redirect/${STATUSES[n % STATUSES.length]}?to=${encodeURIComponent(url)}`;
        refused.redirect.add(await nodeFault(server, key, redirect));
      });
      const around = { chat: `${chat.origin}/chat`, allowed: allowed.origin };
      const visits = () => allowed.connections + allowed.received.length + mail.mails;
      const others = await tryWays(server, { all, named, oneIn: long ? 1 : LED_ONE_IN }, around, visits);
      refused.others.take(others.addresses);
      refused.led.take(others.redirects);
      open.take(others.allowed);
      const called = await invoke(server, key, { input: { url: `${allowed.origin}/` } });
      open.add(called.json["status"] === "SUCCEED" ? null : called.text);
      for (const { url } of BENIGN) open.add(await benignFault(server, url));
    });
    await Promise.all([allowed.close(), chat.close(), canary.close(), mail.close()]);
    const all = Object.values(refused);
    const tried = all.reduce((sum, tally) => sum + tally.tried, 0);
    return {
      counts: [
        refused.node.count("let through", "targets of an http node"),
        refused.redirect.count("let through", "targets of a redirect"),
        refused.webhook.count("let through", "targets of a webhook"),
        refused.others.count("let through", `targets of ${WAYS_OUT.length} other ways out`),
        refused.led.count("let through", "targets that their services lead them to"),
        open.count("refused", "targets that are allowed"),
        { what: "connections to the canary", failed: canary.connections, of: tried, tried: "tries at hostile targets" },
      ],
      failures: [...all, open].flatMap(({ failures }) => failures),
      facts: { "other ways out": WAYS_OUT.map(({ name }) => name).join(", ") },
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

/** Nothing is sent there: the address is only judged. */
async function benignFault(server: Millrace, url: string): Promise<string | null> {
  const body = { baseUrl: new URL(url).origin };
  const { status, text } = await server.call("PUT", "/api/v1/connections/benign", { key: ADMIN_KEY, body });
  return status === 200 ? null : `${url}: ${status} ${text}`;
}

/** Refused before there is a run. */
async function webhookFault(server: Millrace, key: string, url: string): Promise<string | null> {
  const answer = await invoke(server, key, { input: { url: "http://127.0.0.1:1/" }, isAsync: true, webhook: [{ method: "POST", url }] });
  return answer.status >= 400 && answer.status < 500 ? null : `webhook ${JSON.stringify(url)}: ${answer.status} ${answer.text}`;
}
