import type { Json, JsonObject } from "@millrace/contract";
import { getOwn, isObject } from "#value/json";

/** The URL of a file value (`{ "$file": …, url, … }`), or null where the value is no file. */
export function fileUrl(value: Json): string | null {
  if (!isObject(value) || !Object.hasOwn(value, "$file")) return null;
  const url = getOwn(value, "url");
  return typeof url === "string" ? url : null;
}

export function isFile(value: Json): boolean {
  return fileUrl(value) !== null;
}

/** A file that carries what it holds: `{ name, format, base64 }`, as nodes make and take them. */
export function hasContents(value: Json): boolean {
  return isObject(value) && typeof getOwn(value, "base64") === "string" && typeof getOwn(value, "name") === "string";
}

const WEB_URL = /^https?:\/\/[^\s/?#]+/i;

export function isWebUrl(text: string): boolean {
  return WEB_URL.test(text);
}

/** A file that is known by its web address only: no stored contents (`$file` null), size unknown, name and format from the path. */
export function fileFromUrl(url: string): JsonObject {
  const path = url.replace(/[?#].*$/s, "").replace(/^https?:\/\/[^/]*\/?/i, "");
  const name = decodeName(path.slice(path.lastIndexOf("/") + 1));
  const dot = name.lastIndexOf(".");
  const format = dot > 0 ? name.slice(dot + 1).toLowerCase() : null;
  return { $file: null, url, name: name === "" ? null : name, format, size: null };
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // A stray percent sign: the name as it stands in the URL is the best there is.
  }
}
