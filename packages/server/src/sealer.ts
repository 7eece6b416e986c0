import { createCipheriv, createDecipheriv } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what is stored. `purpose` is bound to the text: sealed for one, it does not open for another. */
export class Sealer {
  readonly #key: Buffer;
  /** 32 hex characters of chance. */
  readonly #chance: () => string;

  constructor(key: Buffer, chance: () => string) {
    this.#key = key;
    this.#chance = chance;
  }

  seal(text: string, purpose: string): string {
    const nonce = Buffer.from(this.#chance(), "hex").subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** Throws where the text was sealed by another key or for another purpose, or is damaged. */
  open(sealed: string, purpose: string): string {
    const bytes = Buffer.from(sealed, "base64");
    const body = NONCE_BYTES + TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(NONCE_BYTES, body));
    return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString("utf8");
  }
}
