import type { Clock } from "#clock";
import { RequestError } from "#request-error";
import type { Owner, Sealer } from "#secrets/sealer";
import { type UsingWorkflow, usageOf } from "#secrets/usage";
import type { WorkflowStore } from "#store/store";
import type { VaultKind, VaultRow, VaultStore } from "#store/vault-store";

export interface VaultPorts {
  readonly vault: VaultStore;
  readonly workflows: WorkflowStore;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, "now">;
}

/** What of a row may be shown, and who names it. */
export type Used<Row> = Row & { readonly workflows: readonly UsingWorkflow[] };

/** Who owns the sealed part of a row. */
export function ownerOf(tenantId: string, kind: VaultKind, name: string): Owner {
  return { tenantId, table: "vault", row: `${kind}/${name}` };
}

/** The named secrets of tenants: put and deleted; a value never comes back. */
export class Secrets {
  readonly #ports: VaultPorts;

  constructor(ports: VaultPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string): Promise<readonly Used<VaultRow>[]> {
    const { vault, workflows } = this.#ports;
    const [rows, usage] = await Promise.all([vault.list(tenantId, "secret"), usageOf(workflows, tenantId, "secret")]);
    return rows.map((row) => ({ ...row, workflows: usage.get(row.name) ?? [] }));
  }

  /** RequestError `invalid_request` for a name or a value that cannot be one. */
  async put(tenantId: string, name: string, value: string): Promise<Used<VaultRow>> {
    checkName(name, SECRET_NAME, "secret");
    checkValue(value, "value");
    const { vault, workflows, sealer, clock } = this.#ports;
    const sealed = sealer.seal(value, ownerOf(tenantId, "secret", name));
    const row = await vault.put(tenantId, "secret", name, { facts: {}, sealed }, clock.now());
    return { ...row, workflows: (await usageOf(workflows, tenantId, "secret")).get(name) ?? [] };
  }

  /** RequestError `not_found`. */
  async delete(tenantId: string, name: string): Promise<void> {
    if (!(await this.#ports.vault.delete(tenantId, "secret", name)))
      throw new RequestError("not_found", { key: "not_found.secret", params: { name } });
  }
}

const SECRET_NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_]{0,99}$/, words: "letters, digits and _, not a digit first" };

interface NameRule {
  readonly pattern: RegExp;
  readonly words: string;
}

/** Names stand in the path, which the schema of a body does not see. */
export function checkName(name: string, { pattern, words }: NameRule, what: VaultKind): void {
  if (pattern.test(name)) return;
  throw invalid(`/${what}`, `${what}: a name has at most 100 ${words}`);
}

/** A lone surrogate cannot be sent, and a value of white space alone is a slip of the keyboard. */
export function checkValue(value: string, member: string): void {
  if (!value.isWellFormed() || value.trim() === "") throw invalid(`/${member}`, `${member}: expected text, and not white space alone`);
}

export function invalid(path: string, message: string): RequestError {
  return new RequestError("invalid_request", { errors: [{ path, code: "invalid_value", message }] });
}
