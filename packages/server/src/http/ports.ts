import type { Clock } from "#clock";
import type { Settings } from "#config/settings";
import type { AdmitPorts } from "#http/admit";
import type { Places } from "#http/places";
import type { WireRequest } from "#http/request";
import type { ApiKeys } from "#keys/api-keys";
import type { Logger } from "#log";
import type { StartRunPorts } from "#runs/start-run";
import type { Connections } from "#secrets/connections";
import type { Secrets } from "#secrets/secrets";
import type { ServerMetrics } from "#server-metrics";
import type { Store } from "#store/store";
import type { Webhooks } from "#webhooks/webhooks";
import type { Authoring } from "#workflows/authoring";

/** Everything that a route may use; made by app.ts. */
export interface HttpPorts extends AdmitPorts, StartRunPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ServerMetrics;
  readonly settings: Settings;
  readonly apiKeys: ApiKeys;
  readonly authoring: Authoring;
  readonly webhooks: Webhooks;
  readonly secrets: Secrets;
  readonly connections: Connections;
  /** Aborted when the server shuts down: held calls are answered at once. */
  readonly closing: AbortSignal;
  /** Room for streams of run events. */
  readonly eventStreams: Places;
  /** Why a webhook's host must not be called, or null. */
  refuseHost(url: string): string | null;
  /** The page of a run, as its caller reaches this server. */
  runUrl(request: WireRequest, runId: string): string;
}
