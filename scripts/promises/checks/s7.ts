import type { JsonObject } from "@millrace/contract";
import { type Check, Tally } from "../frame/check.ts";
import { startEcho } from "../harness/echo.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";
import { putSecret, secretWays, workflowOf } from "../harness/secret-ways.ts";
import { spellingsOf } from "../harness/spellings.ts";

const STATUSES = [301, 302, 303, 307, 308];

export const s7: Check = {
  id: "S7",
  property: "Credentials go only to the host that they are bound to: a redirect to another origin takes nothing of them along",
  run: async ({ seed }) => {
    const [service, canary] = await Promise.all([startEcho(), startEcho()]);
    const allow = `127.0.0.1:${service.port},127.0.0.1:${canary.port}`;
    const ways = secretWays(seed % 100_000);
    const redirects = new Tally();
    const bound = new Tally();
    await withMillrace({ MILLRACE_EGRESS_ALLOW: allow }, async (server) => {
      for (const way of ways) await putSecret(server, way, service.origin);
      for (const way of ways) {
        const { key } = await server.publish(workflowOf(way, service.origin));
        const spellings = spellingsOf(way.value);
        const leaked = () => canary.received.some((text) => spellings.some((spelling) => text.includes(spelling)));
        for (const status of STATUSES) {
          for (const carries of ["", spellings[0], ...spellings.slice(-6)]) {
            const to = `${canary.origin}/caught?k=${encodeURIComponent(carries ?? "")}`;
            const before = service.received.length;
            await send(server, key, `/redirect/${status}?to=${encodeURIComponent(to)}`);
            if (way.name !== "path" && service.received.length === before) redirects.add(`${way.name}: nothing was sent`);
            redirects.add(leaked() ? `${way.name}, ${status}: the canary has it` : null);
          }
        }
        if (way.name.startsWith("connection")) {
          await send(server, key, `${canary.origin}/direct`);
          bound.add(leaked() ? `${way.name}: sent to another host` : null);
        }
      }
    });
    await Promise.all([service.close(), canary.close()]);
    return {
      counts: [redirects.count("with a secret at the canary", "redirects"), bound.count("sent", "requests to hosts that are not bound")],
      facts: { ways: ways.length, "requests at the canary": canary.received.length },
      failures: [...redirects.failures, ...bound.failures],
    };
  },
};

function send(server: Millrace, key: string, path: string): Promise<unknown> {
  const input: JsonObject = { path };
  return invoke(server, key, { input });
}
