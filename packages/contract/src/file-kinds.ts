/** Kinds of file parameters and the formats (extensions) of each. */
export const FILE_FORMATS = {
  doc: ["doc", "docx", "pdf", "txt", "md", "html"],
  excel: ["xls", "xlsx", "csv"],
  ppt: ["ppt", "pptx"],
  image: ["jpg", "jpeg", "png", "gif", "webp", "svg"],
  code: ["py", "java", "c", "cpp", "js", "css"],
  audio: ["mp3", "wav", "aac", "flac", "ogg", "wma", "alac", "mid", "midi", "ac3", "dsd"],
  video: ["mp4", "avi", "mov", "wmv", "flv", "mkv"],
} as const satisfies Record<string, readonly string[]>;

export type FileKind = keyof typeof FILE_FORMATS;
export const FILE_KINDS = Object.keys(FILE_FORMATS) as readonly FileKind[];

export function isFileKind(value: unknown): value is FileKind {
  return typeof value === "string" && Object.hasOwn(FILE_FORMATS, value);
}

const KNOWN_FORMATS: ReadonlySet<string> = new Set(Object.values(FILE_FORMATS).flat());

/** True for an extension of any kind. */
export function isFileFormat(extension: string): boolean {
  return KNOWN_FORMATS.has(extension);
}
