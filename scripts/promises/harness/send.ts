import { type IncomingHttpHeaders, request } from "node:http";
import type { JsonObject } from "@millrace/contract";

export interface Call {
  readonly key?: string | undefined;
  readonly headers?: { readonly [name: string]: string };
  /** Texts and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** {} where the body is no JSON object. */
  readonly json: JsonObject;
}

const QUIET_MS = 500;

/** One request, any method; rejects where the connection ends before the answer does. */
export function send(port: number, method: string, path: string, { key, headers = {}, body }: Call = {}): Promise<Answer> {
  const bytes = body === undefined ? null : bytesOf(body);
  const all = {
    ...(key !== undefined && { Authorization: `Bearer ${key}` }),
    ...(bytes && { "Content-Length": bytes.length }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      const answered = (): void => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: objectOf(text) });
      };
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", answered);
      // A stream that goes on has said what it has to say.
      if (response.headers["content-type"] === "text/event-stream")
        response.setTimeout(QUIET_MS, () => {
          answered();
          response.destroy();
        });
    });
    sent.on("error", reject);
    sent.end(bytes ?? undefined);
  });
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function objectOf(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
