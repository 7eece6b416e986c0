import type { Json, JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { decodeText } from "#http/charset";
import type { ReadAs } from "#http/config";
import { MAX_FILE_BYTES, MAX_JSON_DEPTH } from "#http/limits";
import { encodeBase64 } from "#kit/base64";
import type { EgressResponse } from "#kit/capabilities";
import { fileFormatOf, fileNameOf } from "#kit/file-name";
import { type ContentType, isJsonType, isTextType, parseContentType } from "#kit/media-types";
import { readJson } from "#kit/read-json";
import { isUtf8 } from "#kit/utf8";

/** What an answer holds: a body (JSON or text) or a file; the other one is null. */
type Contents = { readonly body: Json; readonly file: JsonObject | null };

/** These carry no body by their meaning, whatever they are read as: an answer to HEAD, 204, 205, 304. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** The result fields of an answer. @throws TerminalError `type_error`, `limit_exceeded`, `http_too_large`. */
export function resultOf(response: EgressResponse, as: ReadAs, method: string): JsonObject {
  const nothing = response.body.length === 0 && (method === "HEAD" || BODILESS.has(response.status));
  const contents = nothing ? { body: null, file: null } : contentsOf(response, as);
  return { status: response.status, headers: { ...response.headers }, ...contents };
}

function contentsOf(response: EgressResponse, as: ReadAs): Contents {
  const type = parseContentType(response.headers["content-type"]);
  switch (as) {
    case "json":
      return body(parsed(text(response, type)));
    case "text":
      return body(text(response, type));
    case "file":
      return file(response);
    case "auto":
      return guessed(response, type);
    default:
      return as satisfies never;
  }
}

function body(value: Json): Contents {
  return { body: value, file: null };
}

/** By Content-Type; without one, what is well-formed UTF-8 is text. What says JSON and is none stays the text that it is. */
function guessed(response: EgressResponse, type: ContentType): Contents {
  if (response.body.length === 0) return body(null);
  const isText = type.mediaType === "" ? isPlainText(response.body) : isTextType(type.mediaType);
  const decoded = isText || isJsonType(type.mediaType) ? decodeText(response.body, type.charset) : null;
  if (decoded === null) return file(response);
  return body(isJsonType(type.mediaType) ? parsedOrText(decoded) : decoded);
}

/** A NUL is well-formed UTF-8 too, but no text has one. */
function isPlainText(bytes: Uint8Array): boolean {
  return !bytes.includes(0) && isUtf8(bytes);
}

function text({ body: bytes }: EgressResponse, { charset }: ContentType): string {
  const decoded = decodeText(bytes, charset);
  if (decoded !== null) return decoded;
  throw new TerminalError(
    "type_error",
    `The answer is in the charset ${JSON.stringify(charset?.slice(0, 40))}, which cannot be read; set response.as to file.`,
  );
}

function parsed(text: string): Json {
  const reading = readJson(text, MAX_JSON_DEPTH);
  if (reading.ok) return reading.value;
  if (reading.why === "depth") throw tooDeep();
  const what = reading.why === "number" ? "holds a number that is too large" : "is not JSON";
  throw new TerminalError("type_error", `The answer ${what}; set response.as to text or auto to take it as it is.`);
}

function parsedOrText(text: string): Json {
  const reading = readJson(text, MAX_JSON_DEPTH);
  if (reading.ok) return reading.value;
  if (reading.why === "depth") throw tooDeep();
  return text;
}

function tooDeep(): TerminalError {
  return new TerminalError("limit_exceeded", `The JSON of the answer is nested deeper than ${MAX_JSON_DEPTH} levels.`);
}

function file(response: EgressResponse): Contents {
  const { length: size } = response.body;
  if (size > MAX_FILE_BYTES) {
    throw new TerminalError(
      "http_too_large",
      `The answer is a file of ${size} bytes, and files of at most ${MAX_FILE_BYTES} bytes are kept.`,
    );
  }
  const format = fileFormatOf(response);
  return { body: null, file: { name: fileNameOf(response), format, size, base64: encodeBase64(response.body) } };
}
