import Type, { type Static } from "typebox";
import { Check } from "typebox/schema";

/** The first entry of a backup. */
export const MANIFEST_NAME = "manifest.json";
export const DATABASE_NAME = "millrace.db";

/** A manifest names a file in about 200 bytes; one that is larger than this is none. */
export const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

const Count = Type.Integer({ minimum: 0 });
const ArchivedFile = Type.Object({
  name: Type.String(),
  bytes: Count,
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
});
const Manifest = Type.Object({
  format: Type.Literal("millrace-backup/1"),
  /** Of the program that made it. */
  version: Type.String(),
  createdAt: Type.Integer(),
  /** `user_version` of the database. */
  schema: Count,
  rows: Type.Record(Type.String(), Count),
  /** In the order of the archive: the database, then the large values. */
  files: Type.Array(ArchivedFile, { minItems: 1 }),
});

export type ArchivedFile = Static<typeof ArchivedFile>;
/** What a backup holds. */
export type Manifest = Static<typeof Manifest>;

/** null: the text is no manifest, or names a file that no backup holds. */
export function readManifest(text: string): Manifest | null {
  const manifest = parseJson(text);
  return isManifest(manifest) && namesAreOurs(manifest.files) ? manifest : null;
}

function isManifest(value: unknown): value is Manifest {
  return Check(Manifest, value);
}

/** Where a large value lies, below the data directory. */
export function blobName(sha256: string): string {
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/** Names are compared with what they have to be, so none can lead out of the target directory. */
function namesAreOurs([database, ...blobs]: readonly ArchivedFile[]): boolean {
  const isBlob = ({ name, sha256 }: ArchivedFile): boolean => name === blobName(sha256);
  return database?.name === DATABASE_NAME && blobs.every(isBlob) && new Set(blobs.map(({ name }) => name)).size === blobs.length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
