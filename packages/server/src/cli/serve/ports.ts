import { createServer } from "node:net";

/** Ports that are tried behind the one that was asked for. */
const TRIED = 100;

const HIGHEST = 65_535;

/** Can this port be bound now? Rejects where the host is not one of this machine, or the port is not this user's to take. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The port, or the next one that is free; the port itself when none is. */
export async function nextFreePort(host: string, port: number): Promise<number> {
  for (let candidate = port; candidate <= Math.min(HIGHEST, port + TRIED); candidate++) {
    if (await isFree(host, candidate)) return candidate;
  }
  return port;
}
