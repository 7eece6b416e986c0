import { createHmac, timingSafeEqual } from "node:crypto";
import type { HookSettings } from "#store/hook-store";

/** A signature with a time in it holds for so long before and after it, seconds. */
const TOLERANCE_S = 300;

const STANDARD_PREFIX = "whsec_";

/** What a sender's signature is made of. */
export interface SignedRequest {
  /** Of the request, lower-case names. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: Buffer;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/**
 * Did the sender sign the body as the hook asks? Closed whenever anything is missing: a signature, a header, a secret. Compared in constant
 * time.
 */
export function isVerified({ kind, header }: HookSettings["verification"], secret: string | null, request: SignedRequest): boolean {
  if (kind === "none") return true;
  if (secret === null || secret === "") return false;
  switch (kind) {
    case "hmac":
      return isHmac(secret, request.body, textOf(request, header ?? ""));
    case "github":
      return isPrefixed(textOf(request, "x-hub-signature-256"), (signature) => isHmac(secret, request.body, signature));
    case "standard":
      return isStandard(secret, request);
    default:
      kind satisfies never;
      return false;
  }
}

function isPrefixed(text: string | null, holds: (rest: string) => boolean): boolean {
  return text?.startsWith("sha256=") === true && holds(text.slice("sha256=".length));
}

/** As hex or base64. */
function isHmac(secret: string, body: Buffer, signature: string | null): boolean {
  if (signature === null) return false;
  const expected = createHmac("sha256", secret).update(body).digest();
  return isSame(expected.toString("hex"), signature.toLowerCase()) || isSame(expected.toString("base64"), signature);
}

/** Standard Webhooks: `v1,` and base64 over id, time and body; any of several signatures. */
function isStandard(secret: string, request: SignedRequest): boolean {
  const [id, timestamp, list] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => textOf(request, name));
  if (!id || !timestamp || !list || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(request.receivedAt / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : secret, "base64");
  if (key.length === 0) return false;
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(request.body).digest("base64");
  return list.split(" ").some((one) => one.startsWith("v1,") && isSame(expected, one.slice("v1,".length)));
}

/** As texts: what a decoder would pass over is not the same. */
function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function textOf({ headers }: SignedRequest, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? value : null;
}
