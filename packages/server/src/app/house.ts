import { openStore } from "#app/open-store";
import { type Clock, systemClock } from "#clock";
import type { Settings } from "#config/settings";
import { createEgress, type EgressGuard, type EgressOptions } from "#egress/egress";
import { type Ids, systemIds } from "#ids";
import { deriveKey, loadSecretKey } from "#keys/secret-key";
import type { Logger } from "#log";
import type { PasswordCost } from "#members/passwords";
import { createSandbox, type ServerSandbox } from "#sandbox/create-sandbox";
import { Sealer } from "#secrets/sealer";
import type { Store } from "#store/store";
import { SpendingGate } from "#usage/budget-gate";
import type { WebhooksOptions } from "#webhooks/webhooks";

/** What a test may put in place of the world outside. */
export interface Surroundings {
  readonly egress?: EgressOptions;
  readonly clock?: Clock;
  readonly webhooks?: Pick<WebhooksOptions, "timeoutMs">;
  readonly passwordCost?: PasswordCost;
}

/** What goes on beside the requests, from the moment that the socket is bound. */
export interface Service {
  start(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What every room may need, and the world outside. */
export interface House {
  readonly settings: Settings;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Names this process in the store. */
  readonly owner: string;
  readonly store: Store;
  readonly secret: Buffer;
  readonly sealer: Sealer;
  readonly egress: EgressGuard;
  readonly sandbox: ServerSandbox;
  readonly spending: SpendingGate;
}

export async function openHouse(settings: Settings, log: Logger, surroundings: Surroundings): Promise<House> {
  const clock = surroundings.clock ?? systemClock;
  const ids = systemIds(clock.now);
  const owner = ids.objectId();
  const store = await openStore(settings, { owner, logger: log, clock });
  const secret = await loadSecretKey(store.vault, settings.dataDir, settings.secretKey).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const sealer = new Sealer(deriveKey(secret, "sealed"), ids.seed);
  const egress = createEgress({ allow: settings.egressAllow, version: settings.version, ...surroundings.egress });
  const spending = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock, log });
  return { settings, log, clock, ids, owner, store, secret, sealer, egress, spending, sandbox: createSandbox({ logger: log }) };
}
