import type { EgressResponse } from "#kit/capabilities";
import { formatOf, parseContentType } from "#kit/media-types";

/** As common file systems have it. */
export const MAX_FILE_NAME = 255;

/** The name of a file in an answer: what its Content-Disposition says, else the end of its URL's path, else `file`. Never a path. */
export function fileNameOf({ headers, url }: EgressResponse): string {
  const [path = ""] = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  return baseName(dispositionName(headers["content-disposition"] ?? "")) ?? baseName(percentDecode(path)) ?? "file";
}

/** The format of a file in an answer: by the name that it was given, its Content-Type, the end of its URL, in this order. */
export function fileFormatOf(response: EgressResponse): string | null {
  const { headers } = response;
  const named = formatIn(dispositionName(headers["content-disposition"] ?? ""));
  return named ?? formatOf(parseContentType(headers["content-type"]).mediaType) ?? formatIn(fileNameOf(response));
}

/** The extension of a name, lower case; null where it has none. */
export function formatIn(name: string): string | null {
  const [, extension] = /[^./\\]\.([A-Za-z0-9]{1,10})$/.exec(name) ?? [];
  return extension?.toLowerCase() ?? null;
}

/** `filename*` (UTF-8, percent-encoded) goes before `filename`. */
function dispositionName(header: string): string {
  const [, extended] = /;\s*filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(header) ?? [];
  if (extended !== undefined) return percentDecode(extended);
  const [, quoted, bare = ""] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, "$1") ?? bare;
}

/** What follows the last separator, without control characters; null where nothing is left of it. */
function baseName(path: string): string | null {
  const name = path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .replace(/\p{Cc}/gu, "")
    .trim()
    .slice(0, MAX_FILE_NAME);
  return name === "" || /^\.+$/.test(name) ? null : name;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray percent sign: the name as it stands is the best there is.
  }
}
