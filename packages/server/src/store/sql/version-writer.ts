import { hash } from "node:crypto";
import { NotFound, VersionTaken } from "#store/errors";
import { number, text } from "#store/sql/rows";
import { all, insert, one, run, type Steps } from "#store/sql/steps";
import { damagedVersion, readVersion, type StoredVersion, VERSION_COLUMNS, versionChecksum, versionColumns } from "#store/sql/version-row";
import { nextVersionName } from "#store/version-name";
import type { NewVersion, Published, VersionCopy } from "#store/version-store";

// Versions: immutable but for the time at which they last went live. Everything here is inside a transaction.

const ONE = "tenant_id = ? AND workflow_id = ? AND version = ?";
const INSERT = insert(
  "versions",
  "tenant_id, workflow_id, ordinal, version, hash, layout, note, created_at, released_at, author_kind, author_id, author_name, changes, checksum, canonical",
);
const NAMES = "SELECT ordinal, version FROM versions WHERE tenant_id = ? AND workflow_id = ? ORDER BY ordinal DESC";

/** A document that is live already stays as it is. */
export function* publishVersion(tenantId: string, workflowId: string, liveVersion: string | null, given: NewVersion): Steps<Published> {
  const live = liveVersion === null ? null : yield* found(tenantId, workflowId, liveVersion);
  if (live?.hash === given.hash) return { version: live.version, previousVersion: live.version, changed: false };
  const version = yield* addVersion(tenantId, workflowId, given, { releasedAt: given.at });
  return { version, previousVersion: liveVersion, changed: true };
}

/** Its name; absent `name`: the next one. Throws VersionTaken. */
export function* addVersion(
  tenantId: string,
  workflowId: string,
  given: NewVersion,
  { name, releasedAt }: { readonly name?: string | null; readonly releasedAt: number | null },
): Steps<string> {
  const newestFirst = yield* all(NAMES, tenantId, workflowId);
  const names = newestFirst.map((row) => text(row, "version"));
  if (name != null && names.includes(name)) throw new VersionTaken(name);
  const { hash, layout, note, changes, at, by = null } = given;
  const version: StoredVersion = {
    tenantId,
    workflowId,
    ordinal: (newestFirst[0] ? number(newestFirst[0], "ordinal") : 0) + 1,
    version: name ?? nextVersionName(names),
    ...{ hash, layout, note, changes: changes ? JSON.stringify(changes) : null, by, createdAt: at, releasedAt },
  };
  yield* run(INSERT, ...versionColumns(version), versionChecksum(version), given.canonical);
  return version.version;
}

/** The name of the copy. Throws NotFound for the source, VersionTaken. */
export function* copyOfVersion(tenantId: string, workflowId: string, { source, name, live, note, at, by }: VersionCopy): Steps<string> {
  const { hash: expected, layout, version } = yield* found(tenantId, workflowId, source);
  const row = yield* one(`SELECT canonical FROM versions WHERE ${ONE}`, tenantId, workflowId, source);
  const canonical = row ? text(row, "canonical") : "";
  if (hash("sha256", canonical, "hex") !== expected) throw damagedVersion({ version, workflowId });
  const copy = { canonical, hash: expected, layout, note, at, by };
  return yield* addVersion(tenantId, workflowId, copy, { name, releasedAt: live ? at : null });
}

/** The version goes live now. Throws NotFound. */
export function* releaseVersion(tenantId: string, workflowId: string, version: string, at: number): Steps<void> {
  const released = { ...(yield* found(tenantId, workflowId, version)), releasedAt: at };
  yield* run(
    `UPDATE versions SET released_at = ?, checksum = ? WHERE ${ONE}`,
    at,
    versionChecksum(released),
    tenantId,
    workflowId,
    version,
  );
}

function* found(tenantId: string, workflowId: string, version: string): Steps<StoredVersion> {
  const row = yield* one(`SELECT ${VERSION_COLUMNS} FROM versions AS v WHERE ${ONE}`, tenantId, workflowId, version);
  if (!row) throw new NotFound(`the version ${version} of workflow ${workflowId}`);
  return readVersion(row);
}
