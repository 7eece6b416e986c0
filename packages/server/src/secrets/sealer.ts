import { createCipheriv, createDecipheriv } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whose a sealed text is: bound to it, so that it opens nowhere else. */
export interface Owner {
  readonly tenantId: string;
  readonly table: string;
  /** Names the row within tenant and table. */
  readonly row: string;
}

/** Encrypts everything that is stored and secret: AES-256-GCM, a fresh nonce each time, the owner as associated data. */
export class Sealer {
  readonly #key: Buffer;
  /** 32 hex characters of chance. */
  readonly #chance: () => string;

  constructor(key: Buffer, chance: () => string) {
    this.#key = key;
    this.#chance = chance;
  }

  /** Base64 of nonce, tag and encrypted text. */
  seal(text: string, owner: Owner): string {
    const nonce = Buffer.from(this.#chance(), "hex").subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(owner));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** Throws where the text was sealed by another key or for another owner, or is damaged. */
  open(sealed: string, owner: Owner): string {
    const bytes = Buffer.from(sealed, "base64");
    const body = NONCE_BYTES + TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(bytesOf(owner)).setAuthTag(bytes.subarray(NONCE_BYTES, body));
    return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString("utf8");
  }
}

/** As JSON, so that no two owners are written alike. */
function bytesOf({ tenantId, table, row }: Owner): Buffer {
  return Buffer.from(JSON.stringify([tenantId, table, row]));
}
