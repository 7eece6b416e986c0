import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { RequestError } from "#request-error";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** What a guess costs. `ln` is the logarithm of the number of blocks: memory is 128 · r · 2^ln bytes. */
export interface PasswordCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about a third of a second of one core: what OWASP's list of equal settings asks for. */
export const PASSWORD_COST: PasswordCost = { ln: 15, r: 8, p: 3 };

/** A hash whose parameters ask for more than this is damage, not a password. */
const MAX_MEMORY_BYTES = 256 * 1_048_576;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashed at the same time: each takes a thread of the pool that files are read by too. */
const AT_ONCE = 2;

/** Waiting for their turn; one more is answered 503. */
const MAX_WAITING = 32;

const RETRY_AFTER_S = 2;

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64 without padding. */
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Hashes passwords and compares them with their hashes, on other threads than the one that answers requests. */
export class Passwords {
  readonly #cost: PasswordCost;
  /** Of nobody's password: to be compared with where there is no account, so that both answers take as long. */
  readonly #nobodys: string;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(cost: PasswordCost = PASSWORD_COST) {
    this.#cost = cost;
    this.#nobodys = format(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  /** Rejects with `overloaded` where too many wait. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return format(this.#cost, salt, await this.#derive(password, salt, this.#cost));
  }

  /** `stored` null: there is no such account; false, after the same work. Rejects with `overloaded` where too many wait. */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const { cost, salt, hash } = parse(stored ?? this.#nobodys);
    const isEqual = timingSafeEqual(await this.#derive(password, salt, cost), hash);
    return isEqual && stored !== null;
  }

  /** Was it hashed with other parameters than today's? */
  isOutdated(stored: string): boolean {
    const { ln, r, p } = parse(stored).cost;
    return ln !== this.#cost.ln || r !== this.#cost.r || p !== this.#cost.p;
  }

  async #derive(password: string, salt: Buffer, { ln, r, p }: PasswordCost): Promise<Buffer> {
    await this.#turn();
    try {
      const options = { N: 2 ** ln, r, p, maxmem: MAX_MEMORY_BYTES };
      // The same characters, however a keyboard composes them.
      return await derive(password.normalize("NFKC"), salt, HASH_BYTES, options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  /** Whoever is called from the queue takes the place of the one before. */
  async #turn(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING)
      throw new RequestError("overloaded", { retryAfterS: RETRY_AFTER_S, params: { seconds: RETRY_AFTER_S } });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

function format({ ln, r, p }: PasswordCost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/(?<!=)=+$/, "");
}

function parse(stored: string): { readonly cost: PasswordCost; readonly salt: Buffer; readonly hash: Buffer } {
  const [, ln, r, p, salt = "", hash = ""] = FORM.exec(stored) ?? [];
  if (ln === undefined) throw new Error("a stored password has an unknown form");
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}
