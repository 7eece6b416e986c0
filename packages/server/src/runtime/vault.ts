import type { Json, JsonObject } from "@millrace/contract";
import type { Credentials, Directive } from "@millrace/engine";
import type { Egress } from "@millrace/nodes";

/** The seam to what tenants keep sealed. Opened for one attempt, and forgotten with it. */
export interface Vault {
  /** Rejects with a TerminalError `missing_reference` that names what the node needs and is not there. */
  open(tenantId: string, wanted: Wanted): Promise<OpenVault>;
}

export interface Wanted {
  /** Of the whole workflow: none of it may come back from any of its nodes. */
  readonly workflow: Credentials;
  /** Of the node whose attempt begins. */
  readonly node: { readonly secrets: readonly string[]; readonly connections: readonly string[] };
}

export interface OpenVault {
  /** Values that the node's config may read, by name. */
  readonly secrets: JsonObject;
  /** Knows the connections, and lets nothing of what is secret back in. */
  readonly egress: Egress;
  /** Runs the attempt; takes what is secret out of what it answers or throws. */
  guard(attempt: () => Promise<Directive>): Promise<Directive>;
  /** The same for what a step of the attempt has come to. */
  clean(value: Json): Json;
  /** For a text that the attempt shows before it has answered; null: nothing is secret. */
  pieces(): PieceFilter | null;
}

/** Takes what is secret out of a text that comes in pieces, also where it is split over several of them. */
export interface PieceFilter {
  /** What may be shown by now. */
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}
