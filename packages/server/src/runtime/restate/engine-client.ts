import { randomUUID } from "node:crypto";
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import type { EngineAddresses, EngineServices } from "#config/engine-addresses";
import type { Ended, Message, Replies, Spoken, Submission } from "#runtime/restate/words";

/** For an answer that does not depend on a run. */
const PATIENCE_MS = 10_000;

/** Whoever waits for a run asks anew this often: a connection that broke unnoticed would be silent for ever. */
const WATCH_MS = 120_000;

/** For what is said to a run: its workers may be about to begin another life of it. */
const HEARD_WITHIN_MS = 30_000;

const NOT_FOUND = 404;
const CONFLICT = 409;

/** Workers that failed a run so often in a row are gone, or cannot carry it on. */
const LEFT_AFTER_FAILURES = 3;

/** The engine cannot be asked, or answers with an error of its own. */
export class EngineUnavailable extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`the Restate server cannot be asked: ${what}`, options);
    this.name = "EngineUnavailable";
  }
}

/** An invocation that does not go on by itself. */
export interface StuckInvocation {
  readonly id: string;
  /** Id of the run that it is, or of which something is asked. */
  readonly key: string;
  /** `paused`: the engine begins no life of it any more. `left`: its workers fail, and there are newer ones. */
  readonly trouble: "paused" | "left";
  readonly lastFailure: string | null;
}

type Headers = { readonly [name: string]: string };

interface Asked {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Headers;
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
  readonly #services: EngineServices;
  readonly #agents = { "http:": new PlainAgent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };
  /** The node whose API answered last. */
  readonly #first = { ingress: 0, admin: 0 };

  constructor(addresses: EngineAddresses) {
    this.#addresses = addresses;
    this.#services = addresses.services;
  }

  /** Begins the run, once, however often it is asked. */
  async submit(submission: Submission): Promise<void> {
    await this.#call(`/${this.#services.runs}/${submission.runId}/run/send`, submission);
  }

  /** Begins the run and resolves with its end, in one call; null: not yet, or it was begun before. */
  async carryOut(submission: Submission, signal: AbortSignal): Promise<Ended | null> {
    const path = `/${this.#services.runs}/${submission.runId}/run`;
    const asked = { method: "POST", path, body: submission, timeoutMs: WATCH_MS, signal } as const;
    const answered = await this.#anyOf("ingress", asked);
    if (answered.status === CONFLICT) return null;
    return JSON.parse(successful(path, answered)) as Ended;
  }

  /** Resolves with the run's end; null: not yet, or the engine does not know the run. */
  async end(runId: string, signal: AbortSignal): Promise<Ended | null> {
    const path = `/restate/workflow/${this.#services.runs}/${runId}/attach`;
    const { status, text } = await this.#anyOf("ingress", { method: "GET", path, timeoutMs: WATCH_MS, signal });
    return status === 200 ? (JSON.parse(text) as Ended) : null;
  }

  /** Resolves with what became of it, once that is durable. It is said once, also where the answer is lost and another node is asked. */
  async tell(runId: string, spoken: Spoken): Promise<Replies> {
    const more = { headers: { "idempotency-key": randomUUID() }, timeoutMs: HEARD_WITHIN_MS };
    return JSON.parse(await this.#call(`/${this.#services.runs}/${runId}/tell`, spoken, more)) as Replies;
  }

  /** The run may have its turn; what becomes of that is its own. */
  callUp(runId: string, at: number): Promise<void> {
    return this.say(runId, { ask: "turn", at });
  }

  /** Resolves once the engine has it; what becomes of it is the run's own. */
  async say(runId: string, message: Message): Promise<void> {
    await this.#call(`/${this.#services.runs}/${runId}/tell/send`, message);
  }

  /** The run has ended: whoever tells it something is to be told so. */
  async close(runId: string): Promise<void> {
    await this.#call(`/${this.#services.runs}/${runId}/close`, null);
  }

  /** Resolves when a worker of ours has done something that comes to nothing. */
  async ping(): Promise<void> {
    await this.#call(`/${this.#services.health}/ping`, null);
  }

  /** Tells the server where workers of ours are. */
  async register(uri: string): Promise<void> {
    await this.#admin("POST", "/deployments", { uri });
  }

  /** Of runs of ours, and of what is asked of them: a run waits for that, too, and nobody else asks again. */
  async stuckInvocations(): Promise<readonly StuckInvocation[]> {
    const query = `
      SELECT run.id, run.target_service_key AS key, run.last_failure AS "lastFailure",
        CASE WHEN run.status = 'paused' THEN 'paused' ELSE 'left' END AS trouble
      FROM sys_invocation run JOIN sys_service service ON service.name = run.target_service_name
      WHERE run.target_service_name = '${this.#services.runs}' AND (run.status = 'paused'
        OR run.status = 'backing-off' AND run.retry_count >= ${LEFT_AFTER_FAILURES} AND run.pinned_deployment_id <> service.deployment_id)`;
    const { rows } = JSON.parse(await this.#admin("POST", "/query", { query })) as { rows: readonly StuckInvocation[] };
    return rows;
  }

  /** The engine begins no life of the run before it is resumed: only then does it let the run go to other workers. */
  async pause(invocationId: string): Promise<void> {
    await this.#admin("PATCH", `/invocations/${invocationId}/pause`);
  }

  /** A run that is paused goes on with the workers that were registered last. */
  async resume(invocationId: string): Promise<void> {
    await this.#admin("PATCH", `/invocations/${invocationId}/resume?deployment=latest`);
  }

  disconnect(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #call(path: string, body: unknown, more: Pick<Partial<Asked>, "headers" | "timeoutMs"> = {}): Promise<string> {
    const asked = { method: "POST", path, body, timeoutMs: PATIENCE_MS, ...more } as const;
    return successful(path, await this.#anyOf("ingress", asked));
  }

  async #admin(method: Asked["method"], path: string, body?: unknown): Promise<string> {
    const asked = { method, path, ...(body !== undefined && { body }), timeoutMs: PATIENCE_MS };
    const answered = await this.#anyOf("admin", asked);
    // Another process was quicker, or the engine itself: it goes on, or has ended and is not kept.
    if (method === "PATCH" && (answered.status === CONFLICT || answered.status === NOT_FOUND)) return "";
    return successful(path, answered);
  }

  /** The node that answered last, and where it does not, the next one. */
  async #anyOf(api: "ingress" | "admin", { path, ...asked }: Omit<Asked, "url"> & { readonly path: string }): Promise<Answered> {
    const nodes = this.#addresses[api];
    const first = this.#first[api];
    let failure: unknown;
    for (let tried = 0; tried < nodes.length; tried++) {
      const at = (first + tried) % nodes.length;
      try {
        const answered = await this.#ask({ ...asked, url: `${nodes[at]}${path}` });
        this.#first[api] = at;
        return answered;
      } catch (error) {
        asked.signal?.throwIfAborted();
        failure = error;
      }
    }
    throw new EngineUnavailable(failure instanceof Error ? failure.message : `no ${api} is named`, { cause: failure });
  }

  #ask({ method, url, body, headers, timeoutMs, signal }: Asked): Promise<Answered> {
    const { protocol } = new URL(url);
    const isPlain = protocol === "http:";
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = (isPlain ? plainRequest : secureRequest)(
        url,
        {
          method,
          agent: this.#agents[isPlain ? "http:" : "https:"],
          headers: { accept: "application/json", ...(text !== undefined && { "content-type": "application/json" }), ...headers },
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

function successful(path: string, { status, text }: Answered): string {
  if (status >= 300) throw new EngineUnavailable(`${path} was answered with ${status} ${text.slice(0, 300)}`);
  return text;
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
