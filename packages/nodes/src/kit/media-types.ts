/** File format (extension) -> media type. The formats of file parameters, and what web services commonly answer besides. */
const MEDIA_TYPES: readonly (readonly [format: string, mediaType: string])[] = [
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["html", "text/html"],
  ["csv", "text/csv"],
  ["css", "text/css"],
  ["js", "text/javascript"],
  ["xml", "application/xml"],
  ["json", "application/json"],
  ["pdf", "application/pdf"],
  ["zip", "application/zip"],
  ["gz", "application/gzip"],
  ["doc", "application/msword"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt", "application/vnd.ms-powerpoint"],
  ["pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["png", "image/png"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["svg", "image/svg+xml"],
  ["mp3", "audio/mpeg"],
  ["wav", "audio/wav"],
  ["wav", "audio/x-wav"],
  ["aac", "audio/aac"],
  ["flac", "audio/flac"],
  ["ogg", "audio/ogg"],
  ["mid", "audio/midi"],
  ["mp4", "video/mp4"],
  ["avi", "video/x-msvideo"],
  ["mov", "video/quicktime"],
  ["mkv", "video/x-matroska"],
];

const BYTES = "application/octet-stream";

/** The first row of a format or a type is the usual one, so the last to be put into the map must be the first. */
const TYPE_OF: ReadonlyMap<string, string> = new Map([...MEDIA_TYPES].reverse());
const FORMAT_OF: ReadonlyMap<string, string> = new Map(MEDIA_TYPES.map(([format, type]) => [type, format] as const).reverse());

export function mediaTypeOf(format: string | null): string {
  return (format !== null && TYPE_OF.get(format.toLowerCase())) || BYTES;
}

/** The format of a media type (without parameters, lower case); null where none is known. */
export function formatOf(mediaType: string): string | null {
  return FORMAT_OF.get(mediaType) ?? null;
}

export interface ContentType {
  /** `text/html`; "" where the answer names none, or none that is well formed. Lower case. */
  readonly mediaType: string;
  /** As written, lower case; null where it names none. */
  readonly charset: string | null;
}

/** A type and a subtype of the characters that HTTP allows: it may be sent on in a header of ours. */
const MEDIA_TYPE = /^[!#$%&'*+\-.^_`|~0-9a-z]+\/[!#$%&'*+\-.^_`|~0-9a-z]+$/;

export function parseContentType(header: string | undefined): ContentType {
  const [first = ""] = (header ?? "").toLowerCase().split(/[;,]/, 1);
  const mediaType = first.trim();
  const [, charset = null] = /;\s*charset\s*=\s*"?([^\s;",]+)/i.exec(header ?? "") ?? [];
  return { mediaType: MEDIA_TYPE.test(mediaType) ? mediaType : "", charset: charset?.toLowerCase() ?? null };
}

export function isJsonType(mediaType: string): boolean {
  return /^(?:application|text)\/json$|\+json$/.test(mediaType);
}

const TEXT_TYPE =
  /^text\/|\+(?:xml|yaml)$|^application\/(?:xml|javascript|ecmascript|yaml|x-yaml|toml|sql|graphql|x-ndjson|jsonl|json-seq|x-www-form-urlencoded)$/;

export function isTextType(mediaType: string): boolean {
  return TEXT_TYPE.test(mediaType);
}
