import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NotFound, VersionTaken } from "#store/errors";
import { number, text } from "#store/sql/rows";
import { damagedVersion, readVersion, type StoredVersion, VERSION_COLUMNS, versionChecksum, versionColumns } from "#store/sql/version-row";
import { nextVersionName } from "#store/version-name";
import type { NewVersion, Published, VersionCopy } from "#store/version-store";

/** Versions: immutable but for the time at which they last went live. Everything here is inside a transaction. */
export class VersionWriter {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  /** A document that is live already stays as it is. */
  publish(tenantId: string, workflowId: string, liveVersion: string | null, given: NewVersion): Published {
    const live = liveVersion === null ? null : this.#require(tenantId, workflowId, liveVersion);
    if (live?.hash === given.hash) return { version: live.version, previousVersion: live.version, changed: false };
    const version = this.add(tenantId, workflowId, given, { releasedAt: given.at });
    return { version, previousVersion: liveVersion, changed: true };
  }

  /** Its name; absent `name`: the next one. Throws VersionTaken. */
  add(
    tenantId: string,
    workflowId: string,
    given: NewVersion,
    { name, releasedAt }: { readonly name?: string | null; readonly releasedAt: number | null },
  ): string {
    const newestFirst = this.#sql.names.all(tenantId, workflowId);
    const names = newestFirst.map((row) => text(row, "version"));
    if (name != null && names.includes(name)) throw new VersionTaken(name);
    const { hash, layout, note, at, by = null } = given;
    const version: StoredVersion = {
      tenantId,
      workflowId,
      ordinal: (newestFirst[0] ? number(newestFirst[0], "ordinal") : 0) + 1,
      version: name ?? nextVersionName(names),
      ...{ hash, layout, note, by, createdAt: at, releasedAt },
    };
    this.#sql.insert.run(...versionColumns(version), versionChecksum(version), given.canonical);
    return version.version;
  }

  /** The name of the copy. Throws NotFound for the source, VersionTaken. */
  copy(tenantId: string, workflowId: string, { source, name, live, note, at, by }: VersionCopy): string {
    const { hash: expected, layout, version } = this.#require(tenantId, workflowId, source);
    const row = this.#sql.canonical.get(tenantId, workflowId, source);
    const canonical = row ? text(row, "canonical") : "";
    if (hash("sha256", canonical, "hex") !== expected) throw damagedVersion({ version, workflowId });
    return this.add(tenantId, workflowId, { canonical, hash: expected, layout, note, at, by }, { name, releasedAt: live ? at : null });
  }

  /** The version goes live now. Throws NotFound. */
  release(tenantId: string, workflowId: string, version: string, at: number): void {
    const released = { ...this.#require(tenantId, workflowId, version), releasedAt: at };
    this.#sql.release.run(at, versionChecksum(released), tenantId, workflowId, version);
  }

  #require(tenantId: string, workflowId: string, version: string): StoredVersion {
    const row = this.#sql.find.get(tenantId, workflowId, version);
    if (!row) throw new NotFound(`the version ${version} of workflow ${workflowId}`);
    return readVersion(row);
  }
}

function prepare(database: DatabaseSync): { readonly [name in "insert" | "names" | "find" | "canonical" | "release"]: StatementSync } {
  const one = "tenant_id = ? AND workflow_id = ? AND version = ?";
  return {
    insert: database.prepare(`
      INSERT INTO versions (tenant_id, workflow_id, ordinal, version, hash, layout, note, created_at, released_at, author_kind, author_id, author_name, checksum, canonical)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    names: database.prepare("SELECT ordinal, version FROM versions WHERE tenant_id = ? AND workflow_id = ? ORDER BY ordinal DESC"),
    find: database.prepare(`SELECT ${VERSION_COLUMNS} FROM versions AS v WHERE ${one}`),
    canonical: database.prepare(`SELECT canonical FROM versions WHERE ${one}`),
    release: database.prepare(`UPDATE versions SET released_at = ?, checksum = ? WHERE ${one}`),
  };
}
