import { hkdfSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode, writeFileDurably } from "#files";
import type { VaultStore } from "#store/vault-store";

/** Bytes of the key that everything secret on this server derives from. */
const SECRET_BYTES = 32;

/** The data belongs to another secret key, or to one that is gone: nothing that is sealed could be opened. */
export class WrongSecretKey extends Error {
  readonly fix: string;
  constructor(problem: string, fix: string) {
    super(problem);
    this.name = "WrongSecretKey";
    this.fix = fix;
  }
}
const PRIVATE_FILE = 0o600;

/**
 * The server's secret key: given (`MILLRACE_SECRET_KEY`, base64 of 32 bytes), or kept in a file of mode 0600 that the first start makes.
 * What it is recognised by is kept with the data, so that a start with another key stops. The backup does not contain the key.
 * @throws WrongSecretKey
 */
export async function loadSecretKey(
  store: Pick<VaultStore, "keyFingerprint" | "keepKeyFingerprint">,
  dataDir: string,
  given: string | null,
): Promise<Buffer> {
  const known = await store.keyFingerprint();
  const secret = readSecretKey(dataDir, given, known) ?? makeSecretKey(dataDir);
  if (known === null) await store.keepKeyFingerprint(fingerprintOf(secret));
  return secret;
}

/** null: there is none, and none is needed yet. @throws WrongSecretKey */
export function readSecretKey(dataDir: string, given: string | null, fingerprint: string | null): Buffer | null {
  const file = join(dataDir, "secret.key");
  const [text, place] = given === null ? [readIfThere(file), file] : [given, "MILLRACE_SECRET_KEY"];
  if (text === null) {
    if (fingerprint === null) return null;
    throw new WrongSecretKey(
      `the secret key is gone: ${file} does not exist`,
      "put the file back, or set MILLRACE_SECRET_KEY to what it held",
    );
  }
  const secret = Buffer.from(text, "base64");
  if (secret.length !== SECRET_BYTES)
    throw new WrongSecretKey(`${place}: expected base64 of ${SECRET_BYTES} bytes`, "put the right key back");
  if (fingerprint !== null && fingerprintOf(secret) !== fingerprint)
    throw new WrongSecretKey(`${place} is not the key that the data in ${dataDir} is sealed with`, "put the right key back");
  return secret;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return null;
    throw error;
  }
}

function makeSecretKey(dataDir: string): Buffer {
  const secret = randomBytes(SECRET_BYTES);
  writeFileDurably(join(dataDir, "secret.key"), `${secret.toString("base64")}\n`, PRIVATE_FILE);
  return secret;
}

/** An independent key for one purpose. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `millrace/${purpose}`, SECRET_BYTES));
}

/** A key that is used for nothing else: it says nothing about the others. */
function fingerprintOf(secret: Buffer): string {
  return deriveKey(secret, "fingerprint").toString("hex");
}
