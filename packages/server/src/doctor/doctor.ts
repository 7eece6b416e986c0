import type { Settings } from "#config/settings";
import { databaseBytes } from "#doctor/database-bytes";
import { examine, type Verdict } from "#doctor/examine";
import type { Store } from "#store/store";

export interface DoctorPorts {
  readonly settings: Settings;
  readonly store: Pick<Store, "check" | "shared">;
  readonly clock: { now(): number };
}

/** Looks at the server from inside, with the checks of the command line. */
export class Doctor {
  readonly #ports: DoctorPorts;

  constructor(ports: DoctorPorts) {
    this.#ports = ports;
  }

  examine(): Promise<readonly Verdict[]> {
    const { settings, store, clock } = this.#ports;
    const askServer = (): Promise<string | null> =>
      store.check().then(
        () => null,
        (error: Error) => error.message,
      );
    // The port is this server's own: nobody asks whether it is free.
    const isFree = async () => true;
    return examine({ settings, shownDataDir: settings.dataDir, askServer, isFree, now: clock.now() });
  }

  /** What the database takes of the disk. */
  async databaseBytes(): Promise<number> {
    const { store, settings } = this.#ports;
    return store.shared ? store.shared.bytes() : databaseBytes(settings.dataDir);
  }
}
