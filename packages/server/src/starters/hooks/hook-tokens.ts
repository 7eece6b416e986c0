import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { VerificationKind } from "@millrace/contract";
import type { Ids } from "#ids";
import type { Owner, Sealer } from "#secrets/sealer";

/** `mrh_` and 40 url-safe characters: 240 bits. */
const PREFIX = "mrh_";
const CHARACTERS = 40;

export interface HookToken {
  /** Shown once, and nowhere else. */
  readonly token: string;
  readonly hash: string;
  readonly hint: string;
}

/** Tokens, which are stored as hashes, and secrets, which are stored encrypted. */
export class HookTokens {
  readonly #pepper: KeyObject;
  readonly #sealer: Sealer;
  readonly #ids: Pick<Ids, "token" | "seed">;

  constructor(options: { readonly pepper: Buffer; readonly sealer: Sealer; readonly ids: Pick<Ids, "token" | "seed"> }) {
    this.#pepper = createSecretKey(options.pepper);
    this.#sealer = options.sealer;
    this.#ids = options.ids;
  }

  make(): HookToken {
    const token = PREFIX + this.#ids.token(CHARACTERS);
    return { token, hash: this.hash(token), hint: `${token.slice(0, 6)}…${token.slice(-4)}` };
  }

  hash(token: string): string {
    return createHmac("sha256", this.#pepper).update(token).digest("hex");
  }

  /** What a sender can be given to sign with. */
  makeSecret(kind: VerificationKind): string {
    const bytes = Buffer.from(this.#ids.seed() + this.#ids.seed(), "hex");
    return kind === "standard" ? `whsec_${bytes.toString("base64")}` : bytes.toString("hex");
  }

  seal(tenantId: string, hookId: string, secret: string): string {
    return this.#sealer.seal(secret, ownerOf(tenantId, hookId));
  }

  /** Throws where it was sealed for another hook, or is damaged. */
  open(tenantId: string, hookId: string, sealed: string): string {
    return this.#sealer.open(sealed, ownerOf(tenantId, hookId));
  }
}

function ownerOf(tenantId: string, hookId: string): Owner {
  return { tenantId, table: "hooks", row: hookId };
}
