import { RequestError } from "#request-error";

/** The admin key that people without an account sign in as. */
export interface LinkedKey {
  readonly tenantId: string;
  readonly keyId: string;
}

/** Whether people of the server's own machine are let in without a word. `millrace dev` allows it; nothing else does. */
export class LocalSignIn {
  #key: LinkedKey | null = null;

  /** @param key whose sessions they get */
  allow(key: LinkedKey): void {
    this.#key = key;
  }

  get allowed(): boolean {
    return this.#key !== null;
  }

  /** Throws `unauthorized` where it is not allowed. */
  get key(): LinkedKey {
    if (this.#key === null) throw new RequestError("unauthorized", { key: "unauthorized.session" });
    return this.#key;
  }
}
