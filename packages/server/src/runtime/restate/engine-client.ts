import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { type Ended, HEALTH_SERVICE, type Message, type Reply, RUN_SERVICE, type Submission } from "#runtime/restate/words";

/** For an answer that does not depend on a run. */
const PATIENCE_MS = 10_000;

/** Whoever waits for a run asks anew this often: a connection that broke unnoticed would be silent for ever. */
const WATCH_MS = 120_000;

/** The engine cannot be asked, or answers with an error of its own. */
export class EngineUnavailable extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`the Restate server cannot be asked: ${what}`, options);
    this.name = "EngineUnavailable";
  }
}

export interface EngineAddresses {
  /** Base URLs of its ingress: the next one is asked where one does not answer. */
  readonly ingress: readonly string[];
  /** Base URL of its admin API. */
  readonly admin: string;
}

/** An invocation that has not come to its end. */
export interface OpenInvocation {
  readonly id: string;
  /** Id of the run. */
  readonly key: string;
  readonly status: string;
  readonly lastFailure: string | null;
}

interface Asked {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Asks a Restate server. Every function rejects with EngineUnavailable where that is not there. */
export class EngineClient {
  readonly #addresses: EngineAddresses;
  readonly #agents = { "http:": new PlainAgent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };
  /** The ingress that answered last. */
  #first = 0;

  constructor(addresses: EngineAddresses) {
    this.#addresses = addresses;
  }

  /** Begins the run, once, however often it is asked. */
  async submit(submission: Submission): Promise<void> {
    await this.#call(`/${RUN_SERVICE}/${submission.runId}/run/send`, submission);
  }

  /** Resolves with the run's end; null: not yet, or the engine does not know the run. */
  async end(runId: string, signal: AbortSignal): Promise<Ended | null> {
    const path = `/restate/workflow/${RUN_SERVICE}/${runId}/attach`;
    const { status, text } = await this.#ingress({ method: "GET", path, timeoutMs: WATCH_MS, signal });
    return status === 200 ? (JSON.parse(text) as Ended) : null;
  }

  /** Resolves with what became of it, once that is durable. */
  async tell(runId: string, message: Message): Promise<Reply> {
    return JSON.parse(await this.#call(`/${RUN_SERVICE}/${runId}/tell`, message)) as Reply;
  }

  /** Resolves when a worker of ours has done something that comes to nothing. */
  async ping(): Promise<void> {
    await this.#call(`/${HEALTH_SERVICE}/ping`, null);
  }

  /** Tells the server where workers of ours are. */
  async register(uri: string): Promise<void> {
    await this.#admin("POST", "/deployments", { uri });
  }

  /** Of runs of ours. */
  async openInvocations(): Promise<readonly OpenInvocation[]> {
    const query = `SELECT id, target_service_key AS key, status, last_failure AS "lastFailure" FROM sys_invocation
      WHERE target_service_name = '${RUN_SERVICE}' AND target_handler_name = 'run' AND status <> 'completed'`;
    const { rows } = JSON.parse(await this.#admin("POST", "/query", { query })) as { rows: readonly OpenInvocation[] };
    return rows;
  }

  /** A run that the engine has paused goes on with the workers that were registered last. */
  async resume(invocationId: string): Promise<void> {
    await this.#admin("PATCH", `/invocations/${invocationId}/resume?deployment=latest`);
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #call(path: string, body: unknown): Promise<string> {
    const { status, text } = await this.#ingress({ method: "POST", path, body, timeoutMs: PATIENCE_MS });
    if (status >= 300) throw new EngineUnavailable(`${path} was answered with ${status} ${text.slice(0, 300)}`);
    return text;
  }

  async #ingress({ path, ...asked }: Omit<Asked, "url"> & { readonly path: string }): Promise<Answered> {
    const { ingress } = this.#addresses;
    let failure: unknown;
    for (let tried = 0; tried < ingress.length; tried++) {
      const at = (this.#first + tried) % ingress.length;
      try {
        const answered = await this.#ask({ ...asked, url: `${ingress[at]}${path}` });
        this.#first = at;
        return answered;
      } catch (error) {
        asked.signal?.throwIfAborted();
        failure = error;
      }
    }
    throw new EngineUnavailable(failure instanceof Error ? failure.message : "no ingress is named", { cause: failure });
  }

  async #admin(method: Asked["method"], path: string, body?: unknown): Promise<string> {
    const url = `${this.#addresses.admin}${path}`;
    const { status, text } = await this.#ask({ method, url, ...(body !== undefined && { body }), timeoutMs: PATIENCE_MS }).catch(
      (error: Error) => {
        throw new EngineUnavailable(error.message, { cause: error });
      },
    );
    if (status >= 300) throw new EngineUnavailable(`${path} was answered with ${status} ${text.slice(0, 300)}`);
    return text;
  }

  #ask({ method, url, body, timeoutMs, signal }: Asked): Promise<Answered> {
    const { protocol } = new URL(url);
    const isPlain = protocol === "http:";
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = (isPlain ? plainRequest : secureRequest)(
        url,
        {
          method,
          agent: this.#agents[isPlain ? "http:" : "https:"],
          headers: { accept: "application/json", ...(text !== undefined && { "content-type": "application/json" }) },
          ...(signal && { signal }),
        },
        (response) => void collect(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject),
      );
      asked.setTimeout(timeoutMs, () => asked.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`)));
      asked.on("error", reject);
      asked.end(text);
    });
  }
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
