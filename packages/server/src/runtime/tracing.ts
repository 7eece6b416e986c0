import type { RunAccepted } from "@millrace/engine";
import type { Egress, Models } from "@millrace/nodes";
import type { RunContents } from "#store/store";

/** What follows runs where traces are kept. It never throws and never keeps a run waiting. */
export interface RunTracing {
  attempt(run: RunAccepted, path: string, attempt: number): AttemptTracing;
  /** The run's end is durable. */
  ended(tenantId: string, run: RunContents): void;
}

export interface AttemptTracing {
  /** The attempt's span, for what it calls. */
  readonly traceparent: string;
  /** The same way out, with its requests as spans below the attempt's. */
  watched(egress: Egress): Egress;
  /** The same models, with their calls as spans below the attempt's. */
  watchedModels(models: Models): Models;
}
