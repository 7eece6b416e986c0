import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { createEndpointHandler, type LoggerTransport } from "@restatedev/restate-sdk";
import type { Logger } from "#log";
import { LifeInput } from "#runtime/restate/life-input";
import { type ServicePorts, services } from "#runtime/restate/service";

export interface EndpointOptions {
  readonly host: string;
  readonly port: number;
  /** Public keys of Restate servers: requests that none of them has signed are refused. Empty: whoever reaches the port is obeyed. */
  readonly identityKeys: readonly string[];
}

/** Where the engine reaches this worker: to be bound to an address that nobody else reaches, or with keys. */
export class WorkerEndpoint {
  readonly #server: Http2Server;
  readonly #options: EndpointOptions;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(ports: ServicePorts, options: EndpointOptions) {
    this.#options = options;
    const { identityKeys } = options;
    const keys = identityKeys.length === 0 ? {} : { identityKeys: [...identityKeys] };
    const handler = createEndpointHandler({ services: services(ports), logger: logged(ports.log), ...keys });
    this.#server = createServer(LifeInput.ofEach(handler));
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
    });
  }

  /** Resolves with the port. */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  /** Lives of runs that are under way here end: the engine begins the next ones wherever a worker is. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.destroy();
    await closed;
  }
}

/** What the library says of single invocations is the engine's to tell; here only what went wrong counts. */
function logged(log: Logger): LoggerTransport {
  return ({ level, context }, ...said) => {
    // Of no run in particular it only says, at each start, that requests are not signed.
    if ((level !== "warn" && level !== "error") || !context) return;
    const err = said.find((one) => one instanceof Error);
    const told = said
      .filter((one) => typeof one === "string")
      .join(" ")
      .trim();
    log.warn({ err, workflowRunId: context?.key, told }, "hosting a run");
  };
}
