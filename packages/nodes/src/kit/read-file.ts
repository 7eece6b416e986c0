import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import { decodeBase64 } from "#kit/base64";
import type { Egress, EgressRequest } from "#kit/capabilities";
import { fileNameOf, formatIn } from "#kit/file-name";
import { mediaTypeOf, parseContentType } from "#kit/media-types";
import { isSuccess, statusError } from "#kit/status-error";

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
  const { base64, url } = file;
  if (typeof base64 === "string") return inlineFile(file, base64, at);
  if (typeof url === "string") return fetchFile(file, url, source);
  throw new TerminalError(
    "type_error",
    `${at} must be a file or a URL, and it is ${describe(value)}${isJsonObject(value) ? " without base64 and url" : ""}.`,
  );
}

function inlineFile(file: JsonObject, base64: string, at: string): ReadFile {
  const content = decodeBase64(base64);
  if (content === null) throw new TerminalError("file_error", `${at}.base64 is not base64.`);
  return { content, file: { name: textIn(file, "name") ?? "file", mediaType: mediaTypeOf(formatOfFile(file)) } };
}

async function fetchFile(file: JsonObject, url: string, { egress, limits }: FileSource): Promise<ReadFile> {
  const response = await egress.request({ url, method: "GET", ...limits });
  if (!isSuccess(response.status)) throw statusError("GET", url, response);
  const name = textIn(file, "name") ?? fileNameOf(response);
  const declared = parseContentType(response.headers["content-type"]).mediaType;
  const mediaType = declared === "" ? mediaTypeOf(formatOfFile(file) ?? formatIn(name)) : declared;
  return { content: response.body, file: { name, mediaType } };
}

function formatOfFile(file: JsonObject): string | null {
  return textIn(file, "format") ?? formatIn(textIn(file, "name") ?? "");
}

function textIn(file: JsonObject, member: "name" | "format"): string | null {
  const value = file[member];
  return typeof value === "string" && value !== "" ? value : null;
}
