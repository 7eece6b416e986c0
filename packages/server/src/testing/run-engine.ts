import { createHash } from "node:crypto";

/** A Restate server for tests whose runs it is to drive: base URLs of its ingress and its admin API, with a comma between them. */
const ENGINE = "MILLRACE_TEST_RESTATE";

const isThere = process.env[ENGINE] !== undefined;

/** A process drives its runs itself: no Restate server does. */
export const drivesItself = !isThere;

/** For tests about how a process drives runs itself: its claims, its memory. */
export const ofOwnDriver: { readonly skip: string | false } = { skip: isThere && "about runs that the process drives itself" };

/** For tests that move the clock: the Restate server, which wakes runs, has one of its own. */
export const ofOwnClock: { readonly skip: string | false } = { skip: isThere && "it moves the clock, and the Restate server has its own" };

/** Below those that the system hands out itself. */
const LOWEST_PORT = 10_000;
const PORTS = 20_000;

/**
 * What tells the process with this number, of those on a data directory, to host runs of the Restate server: on an address of the loopback
 * network that is its own, in each of its lives the same, by names that no other directory has. Empty: it drives runs itself.
 */
export function engineOf(dataDir: string, index = 0): Readonly<Record<string, string>> {
  const [restateUrl, restateAdminUrl] = process.env[ENGINE]?.split(",") ?? [];
  if (restateUrl === undefined || restateAdminUrl === undefined) return {};
  const hash = createHash("sha256").update(dataDir).digest();
  const workerHost = ["127", hash[0], hash[1], (hash[2] ?? 0) | 1].join(".");
  const workerPort = String(LOWEST_PORT + (hash.readUInt16BE(3) % PORTS) + index);
  return {
    engine: "restate",
    restateUrl,
    restateAdminUrl,
    restatePrefix: `Of${hash.toString("hex").slice(0, 16)}`,
    workerHost,
    workerPort,
  };
}

/** The same by variable. */
export function engineVariablesOf(dataDir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(engineOf(dataDir)).map(([name, value]) => [variableOf(name), value]));
}

function variableOf(name: string): string {
  return `MILLRACE_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
