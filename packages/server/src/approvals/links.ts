import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

/** What a link is good for. */
export interface ApprovalTicket {
  readonly tenantId: string;
  readonly approvalId: string;
  /** As the link's maker named them. */
  readonly person: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** `mra_`, the ticket, a dot, its signature. */
const PREFIX = "mra_";

/**
 * Links are signed, not stored: a token carries what it is for, under a key that signs nothing else. An approval is one question of one
 * attempt of one node of one run, so a token is bound to all of these. Verification fails closed: what is not exactly a token of ours is none.
 */
export class ApprovalLinks {
  readonly #key: KeyObject;
  readonly #pages: KeyObject;

  /** `pepper`: an independent key by purpose. */
  constructor(pepper: (purpose: string) => Buffer) {
    this.#key = createSecretKey(pepper("approval-links"));
    this.#pages = createSecretKey(pepper("approval-pages"));
  }

  sign({ tenantId, approvalId, person, expiresAt }: ApprovalTicket): string {
    const payload = Buffer.from(JSON.stringify([tenantId, approvalId, person, expiresAt])).toString("base64url");
    return `${PREFIX}${payload}.${macOf(this.#key, payload)}`;
  }

  /** null: it is none of ours, or no more. */
  verify(token: string, now: number): ApprovalTicket | null {
    const [, payload, mac] = /^mra_([\w-]+)\.([\w-]{43})$/.exec(token) ?? [];
    if (payload === undefined || mac === undefined || !isEqual(mac, macOf(this.#key, payload))) return null;
    const ticket = readTicket(Buffer.from(payload, "base64url").toString());
    return ticket && ticket.expiresAt > now ? ticket : null;
  }

  /** What a form of the page sends back: only who was shown the page knows it. */
  proof(token: string): string {
    return macOf(this.#pages, token);
  }

  isProof(token: string, given: string): boolean {
    return isEqual(given, this.proof(token));
  }
}

function macOf(key: KeyObject, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readTicket(text: string): ApprovalTicket | null {
  const values: unknown = JSON.parse(text);
  if (!Array.isArray(values)) return null;
  const [tenantId, approvalId, person, expiresAt] = values as readonly unknown[];
  const isText = [tenantId, approvalId, person].every((value) => typeof value === "string");
  return isText && typeof expiresAt === "number" ? ({ tenantId, approvalId, person, expiresAt } as ApprovalTicket) : null;
}
