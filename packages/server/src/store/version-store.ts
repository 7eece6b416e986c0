import type { ChangeCounts, JsonObject } from "@millrace/contract";
import type { Author } from "#store/author";

/** Versions of workflows: all are kept, at most one is live. */
export interface VersionStore {
  /**
   * Makes a version of the given document and moves the live pointer to it, in one transaction. A document whose hash equals the
   * live version's changes nothing. Names: `1.0.0`, then the last part + 1.
   */
  publish(tenantId: string, id: string, version: NewVersion): Promise<Published>;
  /** Replaces the draft and keeps it as a version that is not live, in one transaction; resolves with its name. Rejects with `NotFound`, `NameTaken`. */
  importVersion(tenantId: string, id: string, draft: ImportedDraft): Promise<string>;
  /**
   * Keeps another version with the document of `source`, and makes it live where that is asked for, in one transaction. Rejects with
   * `NotFound` for the workflow or the source, `VersionTaken` for a name that is taken.
   */
  copyVersion(tenantId: string, id: string, copy: VersionCopy): Promise<string>;
  /** Newest first; `before`: the number of the last row seen. */
  versions(tenantId: string, id: string, page?: { readonly limit: number; readonly before?: number }): Promise<readonly VersionRow[]>;
  version(tenantId: string, id: string, version: string): Promise<VersionDocument | null>;
  /** Of the workflow's last runs, `limit` at most, by version. */
  versionRuns(tenantId: string, id: string, limit: number): Promise<ReadonlyMap<string, VersionRuns>>;
  /**
   * Keeps a draft as a version that is in no list, for the runs that are started with it; resolves with its name, the same for the same
   * document. `version` reads it like any other, until the last of its runs is deleted.
   */
  keepDraft(tenantId: string, id: string, draft: Omit<NewVersion, "note" | "changes">): Promise<string>;
  /** Moves the live pointer; rejects with `NotFound` for an unknown version. Returns the version that was live before. */
  promote(tenantId: string, id: string, version: string, at: number): Promise<string | null>;
}

export interface NewVersion {
  /** Canonical text without layout: what the hash is of. */
  readonly canonical: string;
  /** SHA-256 of `canonical`, hex. */
  readonly hash: string;
  /** The layout beside it, JSON text or null. */
  readonly layout: string | null;
  readonly note: string;
  /** What differs from the version that was live, where nobody said more. */
  readonly changes?: ChangeCounts | undefined;
  readonly at: number;
  /** Absent: the server itself, a file that it watches. */
  readonly by?: Author | undefined;
}

export interface ImportedDraft {
  readonly name: string;
  readonly document: JsonObject;
  readonly version: NewVersion;
}

export interface VersionCopy {
  readonly source: string;
  /** null: the next one. */
  readonly name: string | null;
  readonly live: boolean;
  readonly note: string;
  readonly at: number;
  readonly by?: Author | undefined;
}

export interface Published {
  readonly version: string;
  readonly previousVersion: string | null;
  /** False: the live version already was this document. */
  readonly changed: boolean;
}

export interface VersionRow {
  /** 1, 2, 3, ... in the order of creation. */
  readonly number: number;
  readonly version: string;
  readonly hash: string;
  readonly note: string;
  /** null: somebody wrote the note, or meant there to be none. */
  readonly changes: ChangeCounts | null;
  readonly live: boolean;
  readonly by: Author | null;
  readonly createdAt: number;
  /** When it last went live; null: it never was. */
  readonly releasedAt: number | null;
}

export interface VersionRuns {
  readonly total: number;
  readonly ended: number;
  readonly failed: number;
}

export interface VersionDocument extends VersionRow {
  /** Canonical document with its layout put back. */
  readonly document: JsonObject;
}
