import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Json, RecordedAttempt } from "@millrace/contract";
import type { Egress } from "@millrace/nodes";
import { closeHouse, openHouse } from "#app/house";
import { composeTools } from "#app/tools";
import type { Outside } from "#cases/mocked-capabilities";
import { CASE_TENANT } from "#cases/play-case";
import type { RunPlace } from "#cases/stage";
import type { Settings } from "#config/settings";
import { hasCode } from "#files";
import { knowledgeOf } from "#knowledge/search";
import type { Logger } from "#log";
import type { OpenVault, Vault } from "#runtime/vault";
import { SealedVault } from "#secrets/vault";
import { NotFound } from "#store/errors";
import { backUp } from "#store/sqlite/backup/back-up";
import { restore } from "#store/sqlite/backup/restore";

type Tape = ReadonlyMap<string, readonly RecordedAttempt[]>;

/** The real world behind the cases that are recorded: the connections, secrets, tools and knowledge of a data directory. */
export interface Recording {
  readonly egress: Egress;
  readonly vault: Vault;
  outside(place: RunPlace): Outside;
  /** Waits before the cases' time goes on. */
  pace(ms: number): Promise<void>;
  /** The tape of the case that was just played, without anything secret. */
  clean(tape: Tape): Tape;
  close(): Promise<void>;
}

/** A wait between attempts is waited for, for the sake of the other side; a timer of a day is not. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Works with a snapshot of the data directory, so that a server may run in it and nothing in it is changed. Rejects as a backup and a
 * restore do, and with WrongSecretKey.
 */
export async function openRecording(settings: Settings, log: Logger): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-record-"));
  const forget = () => rm(folder, { recursive: true, force: true });
  try {
    return await openOn(await snapshotOf(settings, folder), log, forget);
  } catch (error) {
    await forget();
    throw error;
  }
}

async function openOn(settings: Settings, log: Logger, forget: () => Promise<void>): Promise<Recording> {
  const house = await openHouse(settings, log, {});
  const { models, databases, services } = composeTools(house);
  const sealed = new SealedVault({ vault: house.store.vault, sealer: house.sealer, egress: house.egress, clock: house.clock });
  const cleaners: OpenVault["clean"][] = [];
  const vault: Vault = {
    open: async (tenantId, wanted) => {
      const opened = await sealed.open(tenantId, wanted);
      cleaners.push(opened.clean);
      return opened;
    },
  };
  return {
    egress: house.egress,
    vault,
    outside: (place) => {
      const scope = { tenantId: CASE_TENANT, ...place, attempt: 1 };
      const own = models.of(scope);
      const knowledge = knowledgeOf(CASE_TENANT, { knowledge: house.store.knowledge, models: own });
      return { models: own, databases: databases.of(scope), tools: services.of(scope), knowledge };
    },
    pace: (ms) => wait(ms <= LONGEST_WAIT_MS ? ms : 0),
    clean: (tape) => cleaned(tape, cleaners.splice(0)),
    close: async () => {
      databases.close();
      await closeHouse(house);
      await house.store.close();
      await forget();
    },
  };
}

/** The settings of the same server on a copy of its data. */
async function snapshotOf(settings: Settings, folder: string): Promise<Settings> {
  // One that several processes share is read where it is.
  if (settings.databaseUrl !== null) return settings;
  const target = join(folder, "data");
  const file = join(folder, "snapshot.tgz");
  const now = Date.now();
  try {
    await backUp({ dataDir: settings.dataDir, file, version: settings.version, now });
    await restore({ file, target, overwrite: false, now });
    if (settings.secretKey === null) await copyFile(join(settings.dataDir, "secret.key"), join(target, "secret.key"));
  } catch (error) {
    // Where no server ever ran there are no connections, and there may still be something to ask.
    if (!(error instanceof NotFound) && !hasCode(error, "ENOENT")) throw error;
  }
  return { ...settings, dataDir: target };
}

function cleaned(tape: Tape, cleaners: readonly OpenVault["clean"][]): Tape {
  const clean = (attempt: RecordedAttempt) => cleaners.reduce((value, next) => next(value), attempt as Json) as RecordedAttempt;
  return new Map([...tape].map(([name, attempts]) => [name, attempts.map(clean)]));
}
