import { type Answer, type Call, send } from "../promises/harness/send.ts";

/** From this status on, the server is to blame. */
const SERVER_ERROR = 500;

/**
 * A client that asks processes in turn, as the simplest balancer does: a connection for each request, and another process where one is
 * refused. Nothing else is asked twice. It throws nothing: what failed is counted, and answered with status 0.
 */
export class RoundRobin {
  readonly failures: string[] = [];
  answered = 0;
  readonly #ports: () => readonly number[];
  #turn = 0;

  /** `ports`: of the processes that a health check would name now. */
  constructor(ports: () => readonly number[]) {
    this.#ports = ports;
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const once = { ...call, headers: { ...call.headers, Connection: "close" } };
    try {
      const answer = await this.#ask(method, path, once);
      if (answer.status >= SERVER_ERROR) this.failures.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      else this.answered += 1;
      return answer;
    } catch (thrown) {
      const { message } = thrown as Error;
      this.failures.push(`${method} ${path}: ${message}`);
      return { status: 0, headers: {}, text: message, json: {} };
    }
  }

  async #ask(method: string, path: string, call: Call): Promise<Answer> {
    const ports = this.#ports();
    this.#turn += 1;
    for (let tried = 0; ; tried++) {
      const port = ports[(this.#turn + tried) % ports.length];
      if (port === undefined) throw new Error("there is no process to ask");
      try {
        return await send(port, method, path, call);
      } catch (thrown) {
        const isRefused = (thrown as NodeJS.ErrnoException).code === "ECONNREFUSED";
        if (!isRefused || tried === ports.length - 1) throw thrown;
      }
    }
  }
}
