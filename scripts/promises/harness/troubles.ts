import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Millrace } from "./millrace.ts";
import type { Environment } from "./server-process.ts";
import { openSocket, write } from "./socket.ts";

/** Something that looks on is broken: traces, the log, metrics. */
export interface Trouble {
  readonly name: string;
  readonly environment: Environment;
  /** Once the server runs. */
  begin(server: Millrace): Promise<void>;
  end(): Promise<void>;
}

/** Clients of /metrics that read nothing, and what each has asked for. */
const DEAF_CLIENTS = 10;
const ASKED_AT_ONCE = 200;

/** One after another, and the last one is all that can be broken at once. */
export async function openTroubles(): Promise<readonly Trouble[]> {
  return [
    await collector("the collector is not there", null),
    await collector(
      "the collector hangs",
      createServer(() => undefined),
    ),
    await collector(
      "the collector hangs up",
      createServer((socket) => socket.destroy()),
    ),
    await collector("the collector answers 500", answering(500)),
    await collector("the collector answers 503", answering(503)),
    log("nobody reads the log", "unread"),
    log("the log's reader is gone", "closed"),
    metrics(),
    together("all of it at once", [
      await collector(
        "the collector hangs",
        createServer(() => undefined),
      ),
      log("nobody reads the log", "unread"),
      metrics(),
    ]),
  ];
}

/** null: nobody listens at its address. */
async function collector(name: string, server: Server | null): Promise<Trouble> {
  const sockets = new Set<Socket>();
  const listening = server ?? createServer();
  listening.on("connection", (socket: Socket) => void sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((done) => listening.close(() => done()));
  };
  if (!server) await close();
  return {
    name,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    begin: async () => undefined,
    end: async () => void (server && (await close())),
  };
}

function answering(status: number): Server {
  const answer: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(status).end();
  };
  return createHttpServer(answer);
}

function log(name: string, how: "unread" | "closed"): Trouble {
  return {
    name,
    environment: { MILLRACE_LOG_LEVEL: "debug" },
    begin: async (server) => server.leaveLog(how),
    end: async () => undefined,
  };
}

function metrics(): Trouble {
  const clients: Socket[] = [];
  const asked = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(ASKED_AT_ONCE);
  return {
    name: "who asks for /metrics reads nothing",
    environment: {},
    begin: async ({ port }) => {
      for (let n = 0; n < DEAF_CLIENTS; n++) {
        const client = await openSocket(port);
        clients.push(client.pause());
        await write(client, asked);
      }
    },
    end: async () => {
      for (const client of clients) client.destroy();
    },
  };
}

function together(name: string, troubles: readonly Trouble[]): Trouble {
  return {
    name,
    environment: Object.assign({}, ...troubles.map(({ environment }) => environment)) as Environment,
    begin: async (server) => {
      for (const trouble of troubles) await trouble.begin(server);
    },
    end: async () => {
      for (const trouble of troubles) await trouble.end();
    },
  };
}
