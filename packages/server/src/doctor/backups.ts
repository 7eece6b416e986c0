import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type BackupsView, LIMITS } from "@millrace/contract";
import { noteTarget } from "#deed";
import type { Logger } from "#log";
import { RequestError } from "#request-error";

/** Upgrades make others, which are theirs to remove. */
const ON_DEMAND = /^\d{8}T\d{6}Z-on-demand(-\d+)?\.tgz$/;
/** What a backup leaves that its process did not live to finish. */
const PARTIAL = /^\..+-on-demand(-\d+)?\.tgz\.partial$/;
const ARCHIVE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[\w-]+\.tgz$/;

const PRIVATE_DIRECTORY = 0o700;

export interface BackupsPorts {
  /** Where they lie; null: the data is in a database that is backed up by its own means. */
  readonly folder: string | null;
  /** Begins one into a file that is not there yet. */
  begin(file: string, now: number, progress: (share: number) => void): { readonly done: Promise<void>; stop(): Promise<void> };
  readonly clock: { now(): number };
  readonly log: Pick<Logger, "info" | "error">;
}

interface UnderWay {
  readonly startedAt: number;
  share: number;
  stop(): Promise<void>;
}

/** Backups that people ask for while the server goes on, one at a time; the last of them are kept. */
export class Backups {
  readonly #ports: BackupsPorts;
  #running: UnderWay | null = null;
  #failed: BackupsView["failed"] | null = null;

  constructor(ports: BackupsPorts) {
    this.#ports = ports;
  }

  /** Throws `conflict` where the data is in PostgreSQL. */
  view(): BackupsView {
    const folder = this.#folder();
    const running = this.#running && { startedAt: this.#running.startedAt, share: this.#running.share };
    return { folder, ...(running && { running }), ...(this.#failed && { failed: this.#failed }), data: archivesIn(folder) };
  }

  /** Begins one. Throws `conflict` where one is being made. */
  start(): BackupsView {
    const { begin, clock, log } = this.#ports;
    const folder = this.#folder();
    if (this.#running) throw new RequestError("conflict", { key: "conflict.backup_running" });
    mkdirSync(folder, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const left of namesIn(folder).filter((name) => PARTIAL.test(name))) rmSync(join(folder, left), { recursive: true });
    const startedAt = clock.now();
    const file = freeName(folder, startedAt);
    noteTarget("backup", basename(file));
    const { done, stop } = begin(file, startedAt, (share) => {
      if (this.#running) this.#running.share = share;
    });
    this.#running = { startedAt, share: 0, stop };
    this.#failed = null;
    done
      .then(() => {
        for (const old of onDemandIn(folder).slice(0, -LIMITS.backupsKept.value)) rmSync(join(folder, old));
        log.info({ file, ms: clock.now() - startedAt }, "the data was backed up");
      })
      .catch((error: Error) => {
        this.#failed = { at: clock.now(), problem: error.message };
        log.error({ err: error, file }, "the data could not be backed up");
      })
      .finally(() => {
        this.#running = null;
      });
    return this.view();
  }

  /** The path of an archive. Throws `not_found`. */
  open(name: string): { readonly path: string; readonly bytes: number } {
    const folder = this.#folder();
    const known = archivesIn(folder).find((archive) => archive.name === name);
    if (!known) throw new RequestError("not_found", { key: "not_found.backup" });
    return { path: join(folder, known.name), bytes: known.bytes };
  }

  async close(): Promise<void> {
    await this.#running?.stop();
  }

  #folder(): string {
    const { folder } = this.#ports;
    if (folder === null) throw new RequestError("conflict", { key: "conflict.backup_postgres" });
    return folder;
  }
}

function freeName(folder: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  for (let nth = 1; ; nth++) {
    const file = join(folder, `${time}-on-demand${nth === 1 ? "" : `-${nth}`}.tgz`);
    if (!existsSync(file)) return file;
  }
}

/** Newest first: their names begin with the time. */
function archivesIn(folder: string): BackupsView["data"] {
  return namesIn(folder)
    .filter((name) => ARCHIVE.test(name))
    .reverse()
    .map((name) => ({ name, bytes: statSync(join(folder, name)).size, createdAt: timeOf(name) }));
}

function timeOf(name: string): number {
  const [, year, month, day, hour, minute, second] = ARCHIVE.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function onDemandIn(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => ON_DEMAND.test(name));
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
