import { resolve } from "node:path";
import { newPath, oldNode } from "./machine.ts";
import { Terminal } from "./terminal.ts";
import { sees, type Walk } from "./walk.ts";

/** Seconds that the script may take; most of them are the registry's. */
export const BUDGET_S = 600;

const INSTALL_TIMEOUT_MS = 480_000;

/** L7: a fresh clone of what is committed, on a machine whose own Node is too old for the project, where it has such a one. */
export async function repository(walk: Walk): Promise<void> {
  const terminal = new Terminal({ bare: true, timeoutMs: INSTALL_TIMEOUT_MS });
  const old = oldNode();
  terminal.export("PATH", old?.path ?? newPath());
  const node = old?.version ?? process.version;
  try {
    await walk.step(0, "git clone", async () => {
      await terminal.run(`git clone -q "${resolve(".")}" clone`);
      terminal.cd("clone");
      return (await terminal.run("git log --oneline -1")).stdout.trim();
    });
    await walk.step(10, `npm ci, on Node ${node}`, async () => sees((await terminal.run("npm ci")).stdout, /added \d+ packages/)[0]);
    const server = terminal.start("npm start");
    await walk.step(120, "npm start", async () => (await server.seen(/ready in [\d.]+ s/))[0]);
    await walk.step(140, "paste the curl", async () => {
      const [, curl = ""] = await server.seen(/Try +(curl [^\n]+\n[^\n]+)/);
      return sees((await terminal.run(curl)).stdout, /"status":"SUCCEED"/)[0];
    });
    await server.end();
  } finally {
    await terminal.close();
  }
}
