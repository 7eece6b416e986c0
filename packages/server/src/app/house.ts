import { join } from "node:path";
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
import { SharedHolds } from "#usage/shared-holds";
import type { WebhooksOptions } from "#webhooks/webhooks";

/** What a test may put in place of the world outside; and what this machine is to the server. */
export interface Surroundings {
  /** Webhooks may go to this machine: it is that of the one person who uses the server. */
  readonly localReceivers?: boolean;
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
  /** The way out for webhooks alone. */
  readonly receivers: EgressGuard;
  readonly sandbox: ServerSandbox;
  readonly spending: SpendingGate;
}

export async function openHouse(settings: Settings, log: Logger, surroundings: Surroundings): Promise<House> {
  const clock = surroundings.clock ?? systemClock;
  const ids = systemIds(clock.now);
  const owner = ids.objectId();
  const store = await openStore(settings, { owner, logger: log, clock });
  const closed = async (error: unknown): Promise<never> => {
    await store.close().catch((again: unknown) => log.warn({ err: again }, "the store could not be closed in order"));
    throw error;
  };
  const secret = await loadSecretKey(store.vault, settings.dataDir, settings.secretKey).catch(closed);
  const sealer = new Sealer(deriveKey(secret, "sealed"), ids.seed);
  const { egress, receivers } = waysOut(settings, surroundings);
  const { shared } = store;
  const others = shared && new SharedHolds({ shared, owner, clock, log, newId: ids.seed });
  const spending = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock, log, others }).catch(closed);
  const sandbox = createSandbox({ logger: log, directory: join(settings.dataDir, "sandbox") });
  return { settings, log, clock, ids, owner, store, secret, sealer, egress, receivers, spending, sandbox };
}

/** This machine, by the names and addresses that mean itself wherever they are used. */
const LOOPBACK = "localhost,127.0.0.0/8,::1";

function waysOut({ egressAllow, version }: Settings, { egress: outside, localReceivers = false }: Surroundings) {
  const egress = createEgress({ allow: egressAllow, version, ...outside });
  if (!localReceivers) return { egress, receivers: egress };
  const allow = egressAllow === "" ? LOOPBACK : `${egressAllow},${LOOPBACK}`;
  return { egress, receivers: createEgress({ version, ...outside, allow }) };
}

/** Ends what goes on outside of the store. */
export async function closeHouse({ sandbox, egress, receivers }: House): Promise<void> {
  await Promise.all([sandbox.close(), egress.close(), receivers.close()]);
}
