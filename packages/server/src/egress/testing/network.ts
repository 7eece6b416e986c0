import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import type { Dial } from "#egress/dial";
import type { Resolver } from "#egress/resolve";

/** Stands in for the world: every dial is recorded and ends at a server on this machine, whatever address was asked for. */
export interface Network {
  readonly dial: Dial;
  /** `address:port` of every dial, in order. */
  readonly dialled: string[];
  /** The sockets that were opened, in the same order. */
  readonly sockets: Socket[];
}

/** `localPort` says where a dial ends; it claims to be connected to the address that was dialled. */
export function createNetwork(localPort: (address: string, port: number) => number): Network {
  const dialled: string[] = [];
  const sockets: Socket[] = [];
  return {
    dialled,
    sockets,
    dial: (address, port, signal) => {
      dialled.push(`${address}:${port}`);
      const { promise, resolve, reject } = Promise.withResolvers<{ socket: Socket; remoteAddress: string }>();
      const socket = connect({ host: "127.0.0.1", port: localPort(address, port) });
      sockets.push(socket);
      signal.addEventListener("abort", () => socket.destroy(), { once: true });
      socket.on("error", reject);
      socket.once("connect", () => resolve({ socket, remoteAddress: address }));
      return promise;
    },
  };
}

export interface LocalServer {
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export function startHttp(listener: RequestListener): Promise<LocalServer> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, listener));
}

/** A server that is given each request's raw text (head and, when announced, body) and writes raw bytes back. */
export function startRaw(respond: (request: string, socket: Socket) => void): Promise<LocalServer> {
  const server = createTcpServer((socket) => {
    let received = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (!isComplete(received)) return;
      const request = received;
      received = "";
      respond(request, socket);
    });
  });
  return listen(server);
}

function isComplete(request: string): boolean {
  const end = request.indexOf("\r\n\r\n");
  const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
  return end >= 0 && request.length >= end + 4 + length;
}

/** One raw HTTP answer that closes the connection. Header lines are written as UTF-8. */
export function rawAnswer(status: number, lines: readonly string[], body = ""): string {
  const head = [`HTTP/1.1 ${status} X`, ...lines, `content-length: ${Buffer.byteLength(body)}`, "connection: close"];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

export async function listen(server: Server | TcpServer): Promise<LocalServer> {
  let connections = 0;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Answers each name with its list; a function is called for every lookup. Unknown names do not exist. */
export function scriptedResolver(table: {
  readonly [name: string]: readonly string[] | (() => readonly string[] | Promise<readonly string[]>);
}): Resolver {
  return {
    resolve: async (name) => {
      const answer = table[name];
      if (answer === undefined) throw Object.assign(new Error(name), { code: "ENOTFOUND" });
      return typeof answer === "function" ? answer() : answer;
    },
  };
}

export const PUBLIC = "1.1.1.1";

/** The client gives a socket one turn of the event loop before it sends the next request on it. */
export async function socketIsFree(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
