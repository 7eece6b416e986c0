import type { WebhookSecretView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";

/** The secrets that sign the webhooks of workflows, asked for once each. */
export class WorkflowSecrets {
  readonly #context: CliContext;
  readonly #known = new Map<string, Promise<string>>();

  constructor(context: CliContext) {
    this.#context = context;
  }

  of(workflowId: string): Promise<string> {
    return this.#known.get(workflowId) ?? this.askAgain(workflowId);
  }

  /** After a rotation. */
  askAgain(workflowId: string): Promise<string> {
    const asked = call(this.#context, "GET", `/api/v1/workflows/${segment(workflowId)}/webhook-secret`).then(
      ({ json }) => (json as WebhookSecretView).secret,
    );
    this.#known.set(workflowId, asked);
    // A failure is not remembered.
    asked.catch(() => this.#known.delete(workflowId));
    return asked;
  }
}
