import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json, JsonObject } from "@millrace/contract";
import { NotFound, StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sqlite/rows";
import type { NewVersion, Published, VersionDocument, VersionRow } from "#store/store";
import { nextVersionName } from "#store/version-name";

/** The document's own hash is its check; the checksum guards the rest of the row. */
interface StoredVersion extends Omit<VersionRow, "live"> {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly ordinal: number;
  readonly layout: string | null;
}

const COLUMNS = "v.tenant_id, v.workflow_id, v.ordinal, v.version, v.hash, v.layout, v.note, v.created_at, v.released_at, v.checksum";
/** Which version is live is the workflow's to say. */
const FROM = `
  FROM versions AS v JOIN workflows AS w ON w.tenant_id = v.tenant_id AND w.id = v.workflow_id
  WHERE v.tenant_id = ? AND v.workflow_id = ?`;

/** Published versions: immutable but for the time at which they last went live. */
export class VersionTable {
  readonly #insert: StatementSync;
  readonly #names: StatementSync;
  readonly #find: StatementSync;
  readonly #release: StatementSync;
  readonly #list: StatementSync;
  readonly #document: StatementSync;

  constructor(writer: DatabaseSync, reader: DatabaseSync) {
    this.#insert = writer.prepare(`
      INSERT INTO versions (tenant_id, workflow_id, ordinal, version, hash, layout, note, created_at, released_at, checksum, canonical)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#names = writer.prepare("SELECT ordinal, version FROM versions WHERE tenant_id = ? AND workflow_id = ? ORDER BY ordinal DESC");
    this.#find = writer.prepare(`SELECT ${COLUMNS} FROM versions AS v WHERE tenant_id = ? AND workflow_id = ? AND version = ?`);
    this.#release = writer.prepare(
      "UPDATE versions SET released_at = ?, checksum = ? WHERE tenant_id = ? AND workflow_id = ? AND version = ?",
    );
    this.#list = reader.prepare(`SELECT ${COLUMNS}, w.live_version = v.version AS live ${FROM} ORDER BY v.ordinal DESC`);
    this.#document = reader.prepare(`SELECT ${COLUMNS}, w.live_version = v.version AS live, v.canonical ${FROM} AND v.version = ?`);
  }

  /** Inside a transaction. A document that is live already stays as it is. */
  publish(tenantId: string, workflowId: string, liveVersion: string | null, given: NewVersion): Published {
    if (hash("sha256", given.canonical, "hex") !== given.hash) throw new TypeError("the hash of a version is that of its canonical text");
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
    this.#insert.run(...checked(version), checksum(version), given.canonical);
    return { version: version.version, previousVersion: liveVersion, changed: true };
  }

  /** Inside a transaction: the version goes live now. Throws NotFound. */
  release(tenantId: string, workflowId: string, version: string, at: number): void {
    const released = { ...this.#require(tenantId, workflowId, version), releasedAt: at };
    this.#release.run(at, checksum(released), tenantId, workflowId, version);
  }

  /** Newest first. */
  list(tenantId: string, workflowId: string): readonly VersionRow[] {
    return this.#list.all(tenantId, workflowId).map((row) => versionRow(read(row), row));
  }

  document(tenantId: string, workflowId: string, version: string): VersionDocument | null {
    const row = this.#document.get(tenantId, workflowId, version);
    if (!row) return null;
    const stored = read(row);
    const canonical = text(row, "canonical");
    if (hash("sha256", canonical, "hex") !== stored.hash) throw damaged(stored);
    return { ...versionRow(stored, row), document: withLayout(canonical, stored.layout) };
  }

  #require(tenantId: string, workflowId: string, version: string): StoredVersion {
    const row = this.#find.get(tenantId, workflowId, version);
    if (!row) throw new NotFound(`the version ${version} of workflow ${workflowId}`);
    return read(row);
  }
}

function withLayout(canonical: string, layout: string | null): JsonObject {
  const document = JSON.parse(canonical) as JsonObject;
  return layout === null ? document : { ...document, layout: JSON.parse(layout) as Json };
}

function versionRow({ version, hash, note, createdAt, releasedAt }: StoredVersion, row: Row): VersionRow {
  return { version, hash, note, live: row["live"] === 1, createdAt, releasedAt };
}

function checked(row: StoredVersion) {
  const { tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt } = row;
  return [tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt] as const;
}

function checksum(row: StoredVersion): number {
  return rowChecksum(checked(row));
}

function read(row: Row): StoredVersion {
  const stored: StoredVersion = {
    tenantId: text(row, "tenant_id"),
    workflowId: text(row, "workflow_id"),
    ordinal: number(row, "ordinal"),
    version: text(row, "version"),
    hash: text(row, "hash"),
    layout: textOrNull(row, "layout"),
    note: text(row, "note"),
    createdAt: number(row, "created_at"),
    releasedAt: numberOrNull(row, "released_at"),
  };
  if (checksum(stored) !== row["checksum"]) throw damaged(stored);
  return stored;
}

function damaged({ version, workflowId }: StoredVersion): StoreCorrupt {
  return new StoreCorrupt(`the version ${version} of workflow ${workflowId} is not what was written`);
}
