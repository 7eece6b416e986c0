import type { Json } from "@millrace/contract";
import type { OpenRequest, OpenResponse } from "#egress/egress";

/** Sends HTTP for one connection. The server adds the connection's credential on the way: nothing on this side sees it. */
export interface ProviderWire {
  open(request: WireRequest): Promise<OpenResponse>;
  /** Takes the credential out of what comes back; null: there is none. */
  readonly redaction: Redaction | null;
}

export type WireRequest = Omit<OpenRequest, "connection" | "credential" | "serverHeaders" | "shows" | "watch">;

export interface Redaction {
  text(text: string): string;
  json(value: Json): Json;
  /** For a text that comes in pieces. */
  stream(): TextRedaction;
}

/** One text, in pieces: what could be the beginning of a secret is held back until that is known. */
export interface TextRedaction {
  /** What may be shown now; may be empty. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
}
