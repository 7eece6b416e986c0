import type { Answer, CallOptions, TestServer } from "#testing/server";

export const PASSWORD = "a long sentence of a test";

/** What a page of the server's own, in a browser, sends and keeps: its origin and its cookies. */
export class Browser {
  readonly #server: TestServer;
  readonly #cookies = new Map<string, string>();
  /** Of the address bar. */
  readonly host: string;

  constructor(server: TestServer, host = `127.0.0.1:${server.port}`) {
    this.#server = server;
    this.host = host;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async call(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const cookie = this.cookie;
    const answer = await this.#server.call(method, path, {
      body,
      headers: {
        Host: this.host,
        "Sec-Fetch-Site": "same-origin",
        ...(method !== "GET" && { Origin: `http://${this.host}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(cookie !== "" && { Cookie: cookie }),
        ...headers,
      },
    });
    for (const text of answer.headers["set-cookie"] ?? []) this.#keep(String(text));
    return answer;
  }

  signIn(email: string, password = PASSWORD): Promise<Answer> {
    return this.call("POST", "/api/v1/sign-in", { body: { email, password } });
  }

  #keep(text: string): void {
    const [pair = ""] = text.split(";");
    const [name = "", value = ""] = pair.split("=");
    if (/max-age=0/i.test(text)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** The first owner, signed in. */
export async function setUpOwner(server: TestServer, email = "owner@example.com"): Promise<Browser> {
  await server.app.operators.members.putOwner("default", { email, password: PASSWORD });
  const browser = new Browser(server);
  await browser.signIn(email);
  return browser;
}

/** A member of the role, invited by the owner, signed in. */
export async function join(server: TestServer, owner: Browser, email: string, role: string): Promise<Browser> {
  const { json } = await owner.call("POST", "/api/v1/invitations", { body: { email, role } });
  const browser = new Browser(server);
  await browser.call("POST", "/api/v1/invitations/accept", { body: { token: tokenOf(String(json["url"])), password: PASSWORD } });
  return browser;
}

export function tokenOf(url: string): string {
  return /[A-Za-z0-9_-]{40}$/.exec(url)?.[0] ?? "";
}
