import { connect, createServer, type Server, type Socket } from "node:net";

/** Connections go to each of its ports in turn; one that refuses is passed over. */
export interface Balancer {
  readonly port: number;
  /** As its health check would say: this port gets no new connection, and loses those that it has. */
  leaveOut(port: number): void;
  close(): Promise<void>;
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const left = new Set<number>();
  const open = new Map<Socket, number>();
  let turn = 0;
  const server: Server = createServer((client) => {
    client.on("error", () => undefined);
    const choices = ports.filter((port) => !left.has(port));
    turn += 1;
    pass(client, [...choices.slice(turn % choices.length), ...choices.slice(0, turn % choices.length)], open);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    leaveOut: (port) => {
      left.add(port);
      for (const [socket, to] of open) if (to === port) socket.destroy();
    },
    close: async () => {
      for (const socket of open.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(client: Socket, [port, ...others]: readonly number[], open: Map<Socket, number>): void {
  if (port === undefined) {
    client.destroy();
    return;
  }
  const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
  let connected = false;
  upstream.once("connect", () => {
    connected = true;
    open.set(client, port);
    client.setNoDelay(true).pipe(upstream).pipe(client);
  });
  upstream.on("error", () => {
    if (connected) client.destroy();
    else pass(client, others, open);
  });
  client.once("close", () => {
    open.delete(client);
    upstream.destroy();
  });
  upstream.once("close", () => connected && client.destroy());
}
