import type { AddressInfo, Server } from "node:net";

/** Listens on loopback, tells the port on stdout, and lives until SIGTERM. */
export function announce(server: Server): void {
  server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
  process.on("SIGTERM", () => process.exit(0));
}
