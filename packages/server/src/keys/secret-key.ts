import { hkdfSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode, writeFileDurably } from "#files";

/** Bytes of the key that everything secret on this server derives from. */
const SECRET_BYTES = 32;

const PRIVATE_FILE = 0o600;

/**
 * The server's secret key: given (`MILLRACE_SECRET_KEY`, base64 of 32 bytes), or kept in a file of mode 0600 that the first start makes.
 * Losing it makes every API key unknown; the backup does not contain it.
 */
export function loadSecretKey(dataDir: string, given: string | null): Buffer {
  if (given !== null) return decode(given, "MILLRACE_SECRET_KEY");
  const file = join(dataDir, "secret.key");
  try {
    return decode(readFileSync(file, "utf8").trim(), file);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  const secret = randomBytes(SECRET_BYTES);
  writeFileDurably(file, `${secret.toString("base64")}\n`, PRIVATE_FILE);
  return secret;
}

function decode(text: string, place: string): Buffer {
  const secret = Buffer.from(text, "base64");
  if (secret.length !== SECRET_BYTES) throw new Error(`${place}: expected base64 of ${SECRET_BYTES} bytes`);
  return secret;
}

/** An independent key for one purpose. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `millrace/${purpose}`, SECRET_BYTES));
}
