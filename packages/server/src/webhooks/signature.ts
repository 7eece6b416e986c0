import { createHmac } from "node:crypto";

// Standard Webhooks, symmetric: what is signed is id, timestamp and body, joined by dots.

const PREFIX = "whsec_";

export function formatSecret(bytes: Buffer): string {
  return PREFIX + bytes.toString("base64");
}

/** `webhook-signature`: one signature for each valid secret, so that a receiver may change over while both hold. */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`).join(" ");
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  return createHmac("sha256", key).update(content).digest("base64");
}
