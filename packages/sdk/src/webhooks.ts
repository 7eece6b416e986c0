import { WebhookVerificationError } from "#errors";
import type { EndedRun, JsonObject } from "#wire";

export type WebhookHeaders = Headers | { readonly [name: string]: string | readonly string[] | undefined };

export interface VerifyOptions {
  /** How far the sender's clock may be from `now`, either way. Default 300. */
  readonly toleranceSeconds?: number;
  /** Epoch ms. Default: the clock's. */
  readonly now?: number;
}

const TOLERANCE_SECONDS = 300;
const PREFIX = "whsec_";

/**
 * The run that a delivery tells of, once it is proven to come from the server: one of its signatures is that of the secret, over the very
 * bytes that were received, and it was made within five minutes of now. Give it the raw body: parsed and written again it is another text.
 * @param secret `whsec_…`, as the server shows it; several while one takes the place of another.
 * Throws WebhookVerificationError, and TypeError for a body that is parsed already.
 */
export async function verifyWebhook<Output = JsonObject>(
  rawBody: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): Promise<EndedRun<Output>> {
  const body = bytesOf(rawBody);
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => headerOf(headers, name));
  if (!id || !timestamp || !signatures)
    throw new WebhookVerificationError("the headers webhook-id, webhook-timestamp and webhook-signature are needed");
  checkTime(timestamp, options);
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!(await isSigned(signed, signatures, secrets)))
    throw new WebhookVerificationError("no signature is that of the secret over this body");
  return parsed(body) as EndedRun<Output>;
}

function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === "string") return new TextEncoder().encode(rawBody);
  if (rawBody instanceof Uint8Array) return new Uint8Array(rawBody);
  if (rawBody instanceof ArrayBuffer) return new Uint8Array(rawBody);
  throw new TypeError(
    "the raw body is needed, as text or bytes, exactly as it was received: a parsed object written again is another text, and its signature does not fit",
  );
}

function headerOf(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : (found?.[0] ?? "");
}

function checkTime(timestamp: string, { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() }: VerifyOptions): void {
  const at = /^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now / 1_000 - at) <= toleranceSeconds))
    throw new WebhookVerificationError(`webhook-timestamp is more than ${toleranceSeconds} s away from this clock`);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Web Crypto compares in constant time; every pair is tried, whichever fits. */
async function isSigned(signed: Uint8Array<ArrayBuffer>, signatures: string, secrets: readonly string[]): Promise<boolean> {
  const keys = await Promise.all(secrets.map(keyOf));
  const given = signatures.split(" ").filter((signature) => signature.startsWith("v1,"));
  const pairs = keys.flatMap((key) => given.map((signature) => [key, decoded(signature.slice("v1,".length))] as const));
  const fits = await Promise.all(
    pairs.map(([key, signature]) => (signature ? crypto.subtle.verify("HMAC", key, signature, signed) : false)),
  );
  return fits.includes(true);
}

async function keyOf(secret: string) {
  const bytes = decoded(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (bytes === null || bytes.length === 0) throw new WebhookVerificationError("the secret is none of the form whsec_…");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** A delivery by GET has no body: it says what it says in its query, and nothing of that is signed. */
function parsed(body: Uint8Array): unknown {
  if (body.length === 0) throw new WebhookVerificationError("a delivery by GET has no body: let the webhook be sent with POST");
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new WebhookVerificationError("the body is signed and is no JSON");
  }
}
