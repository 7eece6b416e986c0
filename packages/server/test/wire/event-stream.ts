import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";

/** One event as it came over the wire. */
export interface ReceivedEvent {
  /** NaN: it has none. */
  readonly id: number;
  readonly event: string;
  readonly data: JsonObject;
  /** `data` as sent. */
  readonly text: string;
}

export interface OpenOptions {
  readonly key: string;
  /** Absent: the events of the run. */
  readonly path?: string;
  readonly after?: number;
  readonly lastEventId?: number | string;
}

/** A client of the event stream that can be cut at any byte, and that need not read. */
export class EventStream {
  readonly response: IncomingMessage;
  readonly #request: ClientRequest;

  private constructor(sent: ClientRequest, response: IncomingMessage) {
    this.#request = sent;
    this.response = response;
  }

  static open(server: TestServer, runId: string, { key, after, lastEventId, path: given }: OpenOptions): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const path = given ?? `/v1/workflow/run/${runId}/events${after === undefined ? "" : `?after=${after}`}`;
      const headers = {
        Authorization: `Bearer ${key}`,
        ...(lastEventId !== undefined && { "Last-Event-ID": String(lastEventId) }),
      };
      const sent = request({ host: "127.0.0.1", port: server.port, path, headers, agent: false }, (response) =>
        resolve(new EventStream(sent, response)),
      );
      sent.on("error", reject);
      sent.end();
    });
  }

  /** The whole events up to the end, or up to `bytes` of the body, where the connection is cut. */
  async read(bytes = Number.POSITIVE_INFINITY): Promise<ReceivedEvent[]> {
    let body = Buffer.alloc(0);
    for await (const chunk of this.response) {
      body = Buffer.concat([body, chunk as Buffer]);
      if (body.length >= bytes) break;
    }
    this.cut();
    return eventsOf(body.subarray(0, Math.min(bytes, body.length)).toString("utf8"));
  }

  /** What comes next, events or not. */
  async chunk(): Promise<string> {
    for await (const chunk of this.response.iterator({ destroyOnReturn: false })) return String(chunk);
    throw new Error("the stream has ended");
  }

  /** Resolves with the first event that fits; the stream stays open. */
  async until(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> {
    let text = "";
    for await (const chunk of this.response.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      const found = eventsOf(text).find(fits);
      if (found) return found;
    }
    throw new Error(`the stream ended without it: ${text}`);
  }

  cut(): void {
    this.#request.destroy();
  }
}

/** Comments and what is not whole are no events. */
function eventsOf(body: string): ReceivedEvent[] {
  const frames = body.split("\n\n").slice(0, -1);
  return frames
    .filter((frame) => !frame.startsWith(":"))
    .map((frame) => {
      const [, id = "", event = "", text = ""] = /^(?:id: (\d+)\n)?event: ([a-z.]+)\ndata: (.*)$/.exec(frame) ?? [];
      return { id: id === "" ? Number.NaN : Number(id), event, text, data: JSON.parse(text) as JsonObject };
    });
}
