import type { Clock } from "#clock";
import type { Ids } from "#ids";
import type { Owner, Sealer } from "#secrets/sealer";
import type { SecretRow, WebhookStore } from "#store/webhook-store";
import { formatSecret } from "#webhooks/signature";

/** How long a receiver may take to change over to a new secret. */
const OVERLAP_MS = 24 * 60 * 60 * 1_000;

export interface SecretsPorts {
  readonly store: Pick<WebhookStore, "secret" | "keepSecret" | "rotateSecret">;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, "now">;
  readonly ids: Pick<Ids, "seed">;
}

export interface WorkflowSecret {
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly createdAt: number;
  /** The one before signs too, until then. */
  readonly previous: { readonly secret: string; readonly until: number } | null;
}

/** The secret that signs the webhooks of a workflow: made when it is first asked for. */
export class WebhookSecrets {
  readonly #ports: SecretsPorts;

  constructor(ports: SecretsPorts) {
    this.#ports = ports;
  }

  async of(tenantId: string, workflowId: string): Promise<WorkflowSecret> {
    const { store, clock } = this.#ports;
    const row = await store.secret(tenantId, workflowId);
    return this.#open(
      tenantId,
      workflowId,
      row ?? (await store.keepSecret(tenantId, workflowId, this.#make(tenantId, workflowId), clock.now())),
    );
  }

  async rotate(tenantId: string, workflowId: string): Promise<WorkflowSecret> {
    const { store, clock } = this.#ports;
    const now = clock.now();
    const made = this.#make(tenantId, workflowId);
    return this.#open(tenantId, workflowId, await store.rotateSecret(tenantId, workflowId, made, now, now + OVERLAP_MS));
  }

  /** Those that sign now, the current one first. */
  async signing(tenantId: string, workflowId: string): Promise<readonly string[]> {
    const { secret, previous } = await this.of(tenantId, workflowId);
    return previous ? [secret, previous.secret] : [secret];
  }

  #make(tenantId: string, workflowId: string): string {
    const { ids, sealer } = this.#ports;
    return sealer.seal(formatSecret(Buffer.from(ids.seed() + ids.seed(), "hex")), ownerOf(tenantId, workflowId));
  }

  #open(tenantId: string, workflowId: string, { sealed, previous, createdAt }: SecretRow): WorkflowSecret {
    const open = (text: string): string => this.#ports.sealer.open(text, ownerOf(tenantId, workflowId));
    const holds = previous !== null && this.#ports.clock.now() < previous.until;
    return { secret: open(sealed), createdAt, previous: holds ? { secret: open(previous.sealed), until: previous.until } : null };
  }
}

function ownerOf(tenantId: string, workflowId: string): Owner {
  return { tenantId, table: "webhook_secrets", row: workflowId };
}
