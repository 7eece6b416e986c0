import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import { decodeBase64 } from "#kit/base64";
import type { Egress, EgressRequest } from "#kit/capabilities";
import { fileNameOf, formatIn } from "#kit/file-name";
import { mediaTypeOf, parseContentType } from "#kit/media-types";
import { isSuccess, statusError } from "#kit/status-error";

/** Content types of answers whose server does not know. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["", "application/octet-stream"]);

/** A file, read. */
export interface ReadFile {
  readonly content: Uint8Array;
  readonly file: { readonly name: string; readonly mediaType: string };
}

/** How files that are known by their URL are fetched. */
export interface FileSource {
  readonly egress: Egress;
  readonly limits: Pick<EgressRequest, "signal" | "timeoutMs" | "maxBytes">;
}

/**
 * Contents and name of a file value. `at` names the config member for messages.
 * @throws TerminalError `type_error`, `file_error`, and what fetching the file throws.
 */
export async function readFile(value: Json, at: string, source: FileSource): Promise<ReadFile> {
  const file: JsonObject = typeof value === "string" ? { url: value } : isJsonObject(value) ? value : {};
  const { url } = file;
  const base64 = contentsIn(file);
  if (base64 !== null) return inlineFile(file, base64, at);
  if (typeof url === "string") return fetchFile(file, url, source);
  throw new TerminalError(
    "type_error",
    `${at} must be a file or a URL, and it is ${describe(value)}${isJsonObject(value) ? " without base64 and url" : ""}.`,
  );
}

/** In a run `base64`; a caller of the run API says `base64_content`, with or without a `data:` prefix. */
function contentsIn({ base64, base64_content: sent }: JsonObject): string | null {
  if (typeof base64 === "string") return base64;
  return typeof sent === "string" ? sent.replace(/^data:[^,]*;base64,/i, "") : null;
}

function inlineFile(file: JsonObject, base64: string, at: string): ReadFile {
  const content = decodeBase64(base64);
  if (content === null) throw new TerminalError("file_error", `${at}.base64 is not base64.`);
  return { content, file: { name: nameOf(file), mediaType: mediaTypeOf(formatOfFile(file)) } };
}

async function fetchFile(file: JsonObject, url: string, { egress, limits }: FileSource): Promise<ReadFile> {
  const response = await egress.request({ url, method: "GET", ...limits });
  if (!isSuccess(response.status)) throw statusError("GET", url, response);
  const name = textIn(file, "name") ?? fileNameOf(response);
  const declared = parseContentType(response.headers["content-type"]).mediaType;
  const mediaType = SAYS_NOTHING.has(declared) ? mediaTypeOf(formatOfFile(file) ?? formatIn(name)) : declared;
  return { content: response.body, file: { name, mediaType } };
}

function nameOf(file: JsonObject): string {
  const format = givenFormat(file);
  return textIn(file, "name") ?? (format === null ? "file" : `file.${format}`);
}

function formatOfFile(file: JsonObject): string | null {
  return givenFormat(file) ?? formatIn(textIn(file, "name") ?? "");
}

/** Case does not matter in it, nor does a leading dot. */
function givenFormat(file: JsonObject): string | null {
  return textIn(file, "format")?.toLowerCase().replace(/^\./, "") ?? null;
}

function textIn(file: JsonObject, member: "name" | "format"): string | null {
  const value = file[member];
  return typeof value === "string" && value !== "" ? value : null;
}
