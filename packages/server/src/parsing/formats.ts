/** Formats that are read, and the extensions that mean them. */
export const PARSED_FORMATS = {
  pdf: ["pdf"],
  docx: ["docx"],
  xlsx: ["xlsx"],
  pptx: ["pptx"],
  html: ["html", "htm", "xhtml"],
  markdown: ["md", "markdown"],
  csv: ["csv", "tsv"],
  text: ["txt", "text", "log", "json", "yaml", "yml", "xml", "py", "java", "c", "cpp", "h", "js", "ts", "css", "sql", "sh"],
} as const satisfies { readonly [format: string]: readonly string[] };

export type ParsedFormat = keyof typeof PARSED_FORMATS;

const BY_EXTENSION: ReadonlyMap<string, ParsedFormat> = new Map(
  Object.entries(PARSED_FORMATS).flatMap(([format, extensions]) => extensions.map((extension) => [extension, format as ParsedFormat])),
);

const BY_MEDIA_TYPE: ReadonlyMap<string, ParsedFormat> = new Map([
  ["application/pdf", "pdf"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"],
  ["text/html", "html"],
  ["application/xhtml+xml", "html"],
  ["text/markdown", "markdown"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "csv"],
  ["text/plain", "text"],
  ["application/json", "text"],
]);

/** The format of a file by its name, else by its media type; null: not one that is read. */
export function formatOf(name: string, mediaType: string | null): ParsedFormat | null {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return BY_EXTENSION.get(extension) ?? BY_MEDIA_TYPE.get(mediaType?.toLowerCase() ?? "") ?? null;
}
