import { shownValue, typeWord, wording } from "#fault";
import { FILE_FORMATS, FILE_KINDS, type FileKind, isFileFormat, isFileKind } from "#file-kinds";
import { isHttpUrl, urlExtension } from "#http-url";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { LIMITS } from "#limits";
import { say } from "#say";
import { readBase64 } from "#start/base64";
import { own } from "#start/keywords-object";
import type { FileInput, KeywordCompiler, SchemaSink } from "#start/schema-types";
import { isLongerThan } from "#text-length";

/** `x-file`: a file object, or an http or https URL as a plain string. */
export const fileKeyword: KeywordCompiler = (operand, _schema, scope) => {
  if (!isFileKind(operand)) {
    scope.problem("invalid_keyword", say`must be one of ${FILE_KINDS.join(", ")}`);
    return null;
  }
  return (value, sink) => {
    if (typeof value === "string") checkUrlFile(value, null, null, operand, sink);
    else if (isJsonObject(value)) checkFileObject(value, operand, scope.maxFileBytes, sink);
    else sink.add("type", `file<${operand}>`, typeWord(value));
  };
};

function checkFileObject(file: JsonObject, kind: FileKind, maxBytes: number, sink: SchemaSink): void {
  const name = readText(file, "name", sink);
  const format = readFormat(file, kind, sink);
  const url = readText(file, "url", sink);
  const base64 = readText(file, "base64_content", sink);
  if (name === undefined || format === undefined || url === undefined || base64 === undefined) return;
  if ((url === null) === (base64 === null)) sink.add("file_source", wording("one_file_source"), wording(url === null ? "neither" : "both"));
  else if (url !== null) checkUrlFile(url, format, name, kind, sink);
  else if (base64 !== null) checkInlineFile(base64, format, name, kind, maxBytes, sink);
}

/** null: absent; undefined: a fault was reported. */
function readText(file: JsonObject, member: string, sink: SchemaSink): string | null | undefined {
  const value = own(file, member) ?? null;
  if (value === null || typeof value === "string") return value;
  sink.enter(member);
  sink.add("type", "string", typeWord(value));
  sink.leave();
  return undefined;
}

/** Case does not matter, a leading dot is dropped. */
function readFormat(file: JsonObject, kind: FileKind, sink: SchemaSink): string | null | undefined {
  const text = readText(file, "format", sink);
  if (text === null || text === undefined) return text;
  const format = text.toLowerCase().replace(/^\./, "");
  if (isFormatOf(kind, format)) return format;
  sink.enter("format");
  addWrongFormat(kind, text, sink);
  sink.leave();
  return undefined;
}

const isFormatOf = (kind: FileKind, format: string): boolean => FILE_FORMATS[kind].some((known) => known === format);
const formatsOf = (kind: FileKind) => wording("one_of", { values: FILE_FORMATS[kind].join(", ") });

function addWrongFormat(kind: FileKind, received: Json, sink: SchemaSink): void {
  sink.add("format", formatsOf(kind), shownValue(received));
}

/** The format of a URL is the one that is given, else the extension of its path. `format` null: the URL is all there is, or none was given. */
function checkUrlFile(url: string, format: string | null, name: string | null, kind: FileKind, sink: SchemaSink): void {
  const limit = LIMITS.fileUrlCharacters.value;
  const extension = urlExtension(url);
  if (isLongerThan(url, limit)) sink.add("max_length", wording("at_most_characters", { limit }), shownValue(url));
  else if (!isHttpUrl(url)) sink.add("url", wording("http_url"), shownValue(url));
  else if (format !== null) keep(sink, kind, format, name, { url });
  else if (isFormatOf(kind, extension)) keep(sink, kind, extension, name, { url });
  else if (isFileFormat(extension)) addWrongFormat(kind, extension, sink);
  else addMissingFormat(kind, sink);
}

function checkInlineFile(
  text: string,
  format: string | null,
  name: string | null,
  kind: FileKind,
  maxBytes: number,
  sink: SchemaSink,
): void {
  const contents = readBase64(text);
  if (format === null) addMissingFormat(kind, sink);
  sink.enter("base64_content");
  if (contents === null) sink.add("base64", wording("base64"), wording("other_text"));
  else if (contents.bytes > maxBytes)
    sink.add("max_bytes", wording("at_most_bytes", { limit: maxBytes }), wording("bytes", { count: contents.bytes }));
  sink.leave();
  if (format !== null && contents !== null && contents.bytes <= maxBytes) keep(sink, kind, format, name, contents);
}

function addMissingFormat(kind: FileKind, sink: SchemaSink): void {
  sink.enter("format");
  sink.add("required", formatsOf(kind), typeWord(undefined));
  sink.leave();
}

function keep(sink: SchemaSink, kind: FileKind, format: string, name: string | null, source: FileInput["source"]): void {
  sink.keepFile({ kind, format, name: name ?? `file.${format}`, source });
}
