import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { newPath, oldNode } from "./machine.ts";
import { Terminal } from "./terminal.ts";
import { sees, until, type Walk } from "./walk.ts";

/** Seconds that the script may take, with a person's pauses. */
export const BUDGET_S = 120;

/** L1: from `npx millrace dev` to ready, with nothing of it on the machine, and again. */
const COLD_MS = 20_000;
const WARM_MS = 1_500;

const MOST_BYTES = 30_000_000;
const MOST_PACKAGES = 60;

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** The package as it is published, on a machine that has nothing of it. */
export async function packed(walk: Walk): Promise<void> {
  const terminal = new Terminal({ bare: true });
  terminal.export("PATH", newPath());
  terminal.export("npm_config_cache", join(terminal.path(), "npm-cache"));
  try {
    const file = await pack(walk, terminal);
    await startByNpx(walk, terminal, file);
    await install(walk, terminal, file);
    await refuseOldNode(walk, terminal);
  } finally {
    await terminal.close();
  }
}

async function pack(walk: Walk, terminal: Terminal): Promise<string> {
  let file = "";
  await walk.step(0, "npm pack", async () => {
    const { stdout } = await terminal.run(`npm pack --json --pack-destination . "${resolve("dist/millrace")}"`);
    const [{ filename, unpackedSize, files }] = JSON.parse(stdout) as [Packed];
    const odd = files
      .filter(({ path }) => /(^|\/)(src|test|testing)\/|\.test\.[jt]s$|\.map$|(?<!\.d)\.ts$/.test(path))
      .map(({ path }) => path);
    if (odd.length > 0) throw new Error(`files of the sources are in it: ${odd.join(", ")}`);
    if (unpackedSize > MOST_BYTES) throw new Error(`${unpackedSize} bytes unpacked, and at most ${MOST_BYTES} may be`);
    file = terminal.path(filename);
    return `${files.length} files, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked`;
  });
  return file;
}

/** Begins `dev` in a folder of its own; answers the milliseconds until its page answers, and what it printed. */
async function timeDev(terminal: Terminal, line: string): Promise<number> {
  const began = performance.now();
  const dev = terminal.start(`${line} dev --port 0`);
  const [, url = ""] = await dev.seen(/API +(http:\S+)\/v1/);
  await dev.seen(/ready in [\d.]+ s/);
  const tookMs = performance.now() - began;
  const [, curl = ""] = await dev.seen(/Try +(curl [^\n]+\n[^\n]+)/);
  sees((await terminal.run(curl)).stdout, /"status":"SUCCEED"/);
  await until("the console answers", 10_000, async () => (await fetch(url)).ok);
  await dev.end();
  return tookMs;
}

async function startByNpx(walk: Walk, terminal: Terminal, file: string): Promise<void> {
  mkdirSync(terminal.path("fresh"));
  terminal.cd("fresh");
  const line = `npx --yes --package="${file}" millrace`;
  await walk.step(5, "L1 L2: npx millrace dev, cold; paste the curl", () => within(COLD_MS, () => timeDev(terminal, line)));
  terminal.cd("..");
}

async function install(walk: Walk, terminal: Terminal, file: string): Promise<void> {
  mkdirSync(terminal.path("project"));
  terminal.cd("project");
  await walk.step(40, "L3: npm i --ignore-scripts millrace", async () => {
    await terminal.run(`npm init -y && npm i --ignore-scripts --no-audit --no-fund "${file}"`);
    const { packages } = JSON.parse(readFileSync(terminal.path("package-lock.json"), "utf8")) as {
      packages: { [name: string]: { readonly hasInstallScript?: boolean } };
    };
    const installed = Object.entries(packages).filter(([name]) => name !== "");
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([name]) => name);
    if (scripted.length > 0) throw new Error(`these run something when they are installed: ${scripted.join(", ")}`);
    if (installed.length > MOST_PACKAGES) throw new Error(`${installed.length} packages, and at most ${MOST_PACKAGES} may be`);
    const own = readdirSync(terminal.path("node_modules/millrace")).sort().join(", ");
    return `${installed.length} package, no install script: ${own}`;
  });
  await walk.step(50, "L3: dev, first start", async () => seconds(await timeDev(terminal, "npx millrace")));
  await walk.step(60, "L1: npx millrace dev, warm", () => within(WARM_MS, () => timeDev(terminal, "npx millrace")));
  await walk.step(70, "npx millrace init news --yes, validate, test", async () => {
    await terminal.run("npx millrace init news --yes");
    return sees((await terminal.run("cd news && npx millrace validate && npx millrace test")).stdout, /3 passed, 0 failed/)[0];
  });
}

async function refuseOldNode(walk: Walk, terminal: Terminal): Promise<void> {
  const old = oldNode();
  if (old === null) return;
  terminal.export("PATH", old.path);
  await walk.step(80, `L7: npx millrace dev on Node ${old.version}`, async () => {
    const { stderr } = await terminal.run("npx millrace dev", 6);
    return sees(stderr, new RegExp(`this is Node ${old.version.slice(1)}; Millrace needs Node 24 or newer`))[0];
  });
}

async function within(ms: number, act: () => Promise<number>): Promise<string> {
  const tookMs = await act();
  if (tookMs > ms) throw new Error(`ready after ${seconds(tookMs)}, and it has to be within ${seconds(ms)}`);
  return `ready after ${seconds(tookMs)}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
