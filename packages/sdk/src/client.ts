import { Runs } from "#runs";
import type { TransportOptions } from "#transport";
import { verifyWebhook } from "#webhooks";
import { Workflow } from "#workflow";
import type { InputOf, OutputOf, WorkflowName } from "#workflows";

export interface ClientOptions {
  /** Default: MILLRACE_API_KEY. */
  readonly apiKey?: string;
  /** Default: MILLRACE_ENDPOINT, else http://127.0.0.1:7788. */
  readonly endpoint?: string;
  /** Further attempts of a request that was refused for now, or of a question that got no answer. Default 2. */
  readonly maxRetries?: number;
  readonly fetch?: typeof fetch;
  /** In a page everybody can read the key. */
  readonly dangerouslyAllowBrowser?: boolean;
}

const DEFAULT_ENDPOINT = "http://127.0.0.1:7788";

const VENDOR_HOST = /(^|\.)gptbots\.ai$/;

/** A client of one server. Holds no connection and no state: make one, or make many. */
export class Client {
  readonly #transport: TransportOptions;
  readonly runs: Runs;
  /** What receivers of webhooks need; `verifyWebhook` is the same without a client. */
  readonly webhooks = { verify: verifyWebhook };

  constructor(options: ClientOptions = {}) {
    const environment = environmentOf();
    if ("document" in globalThis && options.dangerouslyAllowBrowser !== true) {
      throw new Error("a page shows its API key to everybody who opens it; call the server from your own, or set dangerouslyAllowBrowser");
    }
    const apiKey = options.apiKey ?? environment["MILLRACE_API_KEY"] ?? "";
    if (apiKey === "") throw new Error("no API key: pass apiKey, or set MILLRACE_API_KEY");
    const endpoint = options.endpoint || environment["MILLRACE_ENDPOINT"] || DEFAULT_ENDPOINT;
    this.#transport = {
      endpoint: endpoint.replace(/(?<!\/)\/+$/, ""),
      apiKey,
      maxRetries: options.maxRetries ?? 2,
      fetch: options.fetch ?? globalThis.fetch,
      isVendor: VENDOR_HOST.test(new URL(endpoint).hostname),
    };
    this.runs = new Runs(this.#transport);
  }

  /** A workflow by its id or name. With types from `millrace types` its input and output are known. */
  workflows<Name extends WorkflowName>(idOrName: Name): Workflow<InputOf<Name>, OutputOf<Name>> {
    return new Workflow(this.#transport, idOrName);
  }
}

/** Variables of the process, where there is one. */
function environmentOf(): { readonly [name: string]: string | undefined } {
  const { process } = globalThis as { readonly process?: { readonly env?: { readonly [name: string]: string | undefined } } };
  return process?.env ?? {};
}
