import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NotFound } from "#store/errors";
import { number, text } from "#store/sqlite/rows";
import { readVersion, type StoredVersion, VERSION_COLUMNS, versionChecksum, versionColumns } from "#store/sqlite/version-row";
import type { NewVersion, Published } from "#store/store";
import { nextVersionName } from "#store/version-name";

/** Published versions: immutable but for the time at which they last went live. Everything here is inside a transaction. */
export class VersionWriter {
  readonly #insert: StatementSync;
  readonly #names: StatementSync;
  readonly #find: StatementSync;
  readonly #release: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO versions (tenant_id, workflow_id, ordinal, version, hash, layout, note, created_at, released_at, checksum, canonical)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#names = database.prepare("SELECT ordinal, version FROM versions WHERE tenant_id = ? AND workflow_id = ? ORDER BY ordinal DESC");
    this.#find = database.prepare(`SELECT ${VERSION_COLUMNS} FROM versions AS v WHERE tenant_id = ? AND workflow_id = ? AND version = ?`);
    this.#release = database.prepare(
      "UPDATE versions SET released_at = ?, checksum = ? WHERE tenant_id = ? AND workflow_id = ? AND version = ?",
    );
  }

  /** A document that is live already stays as it is. */
  publish(tenantId: string, workflowId: string, liveVersion: string | null, given: NewVersion): Published {
    const live = liveVersion === null ? null : this.#require(tenantId, workflowId, liveVersion);
    if (live?.hash === given.hash) return { version: live.version, previousVersion: live.version, changed: false };
    const newestFirst = this.#names.all(tenantId, workflowId);
    const version: StoredVersion = {
      tenantId,
      workflowId,
      ordinal: (newestFirst[0] ? number(newestFirst[0], "ordinal") : 0) + 1,
      version: nextVersionName(newestFirst.map((row) => text(row, "version"))),
      hash: given.hash,
      layout: given.layout,
      note: given.note,
      createdAt: given.at,
      releasedAt: given.at,
    };
    this.#insert.run(...versionColumns(version), versionChecksum(version), given.canonical);
    return { version: version.version, previousVersion: liveVersion, changed: true };
  }

  /** The version goes live now. Throws NotFound. */
  release(tenantId: string, workflowId: string, version: string, at: number): void {
    const released = { ...this.#require(tenantId, workflowId, version), releasedAt: at };
    this.#release.run(at, versionChecksum(released), tenantId, workflowId, version);
  }

  #require(tenantId: string, workflowId: string, version: string): StoredVersion {
    const row = this.#find.get(tenantId, workflowId, version);
    if (!row) throw new NotFound(`the version ${version} of workflow ${workflowId}`);
    return readVersion(row);
  }
}
