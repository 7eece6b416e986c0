import type { Socket } from "node:net";
import type { Clock } from "#clock";
import type { RawTarget } from "#egress/egress";
import type { Sent } from "#webhooks/sender";

const SCHEME = "mailto:";

export const isMail = (url: string): boolean => url.startsWith(SCHEME);

/** As alerts keep it for a delivery: the JSON of its body. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

export interface MailerOptions {
  /** `smtp:` or `smtps:`, with user and password where the server asks for them; null: there is none. */
  readonly url: string | null;
  readonly from: string;
  readonly connect: (target: RawTarget) => Promise<Socket>;
  /** Connecting and sending together. */
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, "now">;
  /** PEM certificates to trust instead of the system's. */
  readonly trust?: string | undefined;
}

const PORTS: { readonly [protocol: string]: number } = { "smtp:": 587, "smtps:": 465 };

/** Gives mail to a server, over a connection of egress: one attempt, told as one of a webhook is. */
export class Mailer {
  readonly #options: MailerOptions;

  constructor(options: MailerOptions) {
    this.#options = options;
  }

  /** The same `id` at every attempt: whoever gets a mail twice sees that it is one. Rejects with the signal's reason when it is aborted. */
  async send(id: string, to: string, mail: Mail, signal: AbortSignal): Promise<Sent> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    const request = { method: "POST", url: to, headers: { "Message-ID": messageId(id), Subject: mail.subject } };
    const ended = (response: Sent["response"], error: Sent["error"]): Sent => ({
      ...{ startedAt, endedAt: Math.max(startedAt, clock.now()), request, response, error },
      answer: response && { status: response.status, headers: {} },
    });
    try {
      const said = await this.#submit(id, to.slice(SCHEME.length).split(","), mail, signal);
      return ended(answerOf(said), null);
    } catch (error) {
      signal.throwIfAborted();
      const { response, responseCode, message } = error as Error & { readonly response?: string; readonly responseCode?: number };
      if (responseCode !== undefined && responseCode >= 400) return ended(answerOf(response ?? `${responseCode}`), null);
      return ended(null, { type: "mail_failed", message });
    }
  }

  /** What the mail server said. */
  async #submit(id: string, to: readonly string[], mail: Mail, signal: AbortSignal): Promise<string> {
    const { url, from, connect, timeoutMs, trust } = this.#options;
    if (url === null) throw new Error("The server has no mail server: set MILLRACE_SMTP_URL.");
    const { protocol, hostname, port, username, password } = new URL(url);
    const target = { host: hostname, port: port === "" ? (PORTS[protocol] ?? 0) : Number(port) };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { createTransport } = (await import("nodemailer")).default;
    const transport = createTransport({
      ...target,
      secure: protocol === "smtps:",
      // A password goes over no open line.
      requireTLS: username !== "",
      ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
      ...(trust !== undefined && { tls: { ca: trust } }),
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket: (_options, done) => {
        connect({ ...target, signal: limit }).then((connection) => {
          limit.addEventListener("abort", () => connection.destroy(), { once: true });
          done(null, { connection });
        }, done);
      },
    });
    const { response } = await transport.sendMail({ from, to: [...to], ...mail, messageId: messageId(id) });
    return response;
  }
}

function messageId(id: string): string {
  return `<${id}@millrace>`;
}

/** `250 OK: queued`: the codes of mail servers mean what those of HTTP do, by their first digit. */
function answerOf(said: string): NonNullable<Sent["response"]> {
  return { status: Number.parseInt(said, 10) || 500, headers: {}, body: said };
}
