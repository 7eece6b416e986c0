import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { straceProblem, TRACEABLE } from "../promises/harness/strace.ts";
import { openBrowser } from "./page.ts";
import { Terminal } from "./terminal.ts";
import { sees, type Walk } from "./walk.ts";

/** Seconds that the script may take. */
export const BUDGET_S = 700;

/** L55: how long nobody asks anything of the server. */
const IDLE_MS = 600_000;

/** A call that names an address of the Internet, and is not to this machine. */
const OUTBOUND = /sa_family=AF_INET6?\b(?!.*(?:inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|"::ffff:127\.))/;

/** L55: a server with nothing to do, and its console, as the kernel sees them: no call leads out of the machine. */
export async function quiet(walk: Walk): Promise<void> {
  const problem = straceProblem();
  if (problem !== null) throw new Error(problem);
  const terminal = new Terminal();
  for (const [name, value] of Object.entries(TRACEABLE)) terminal.export(name, value);
  const visitor = await openBrowser();
  const outside = new Set<string>();
  visitor.page.on("request", (request) => {
    if (!/^(http:\/\/(127\.0\.0\.1|localhost)[:/]|data:|blob:)/.test(request.url())) outside.add(request.url());
  });
  const trace = "strace -f -qq -o ../trace -e trace=connect,sendto,sendmsg,sendmmsg";
  try {
    // Not by npx: npm asks its registry whether there is a newer npm.
    const dev = terminal.start(`${trace} ./node_modules/.bin/millrace dev --port 0`);
    const [, url = ""] = await dev.seen(/API +(http:\S+)\/v1/);
    await dev.seen(/ Try /);
    terminal.export("MILLRACE_ENDPOINT", url);
    await walk.step(0, "dev, traced; its console is opened", async () => {
      await visitor.page.goto(url);
      await visitor.page.getByRole("navigation").first().waitFor();
      return visitor.page.title();
    });
    await walk.step(5, "nobody asks anything for ten minutes", async () => {
      await pause(IDLE_MS);
      return `${IDLE_MS / 1_000} s`;
    });
    await walk.step(610, "L55: what led out of the machine", async () => {
      await terminal.run("npx millrace doctor -q");
      await dev.end();
      const calls = readFileSync(terminal.path("../trace"), "utf8").split("\n");
      const out = calls.filter((line) => OUTBOUND.test(line));
      const all = `${out.length} of ${calls.length - 1} calls of the server, ${outside.size} requests of the page`;
      if (out.length + outside.size > 0) throw new Error(`${all}:\n${[...out, ...outside].join("\n")}`);
      return sees(all, /^0 of \d+ calls of the server, 0 requests of the page$/)[0];
    });
  } finally {
    await visitor.close();
    await terminal.close();
  }
}
