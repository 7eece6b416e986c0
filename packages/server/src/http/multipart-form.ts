import { isJsonObject, type JsonObject } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { invalidMember, RequestError } from "#request-error";

/** Files and fields of one form. */
const MAX_PARTS = 100;

/** Of the headers of one part. */
const MAX_HEADER_BYTES = 8_192;

export interface FormFile {
  /** Name of the form's field. */
  readonly field: string;
  readonly name: string;
  readonly mediaType: string | null;
  readonly content: Uint8Array;
}

interface Part {
  readonly headers: string;
  readonly content: Buffer;
}

export interface Form {
  readonly files: readonly FormFile[];
  /** The other fields, as texts; the last of a name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The field `metadata`. */
  readonly metadata: JsonObject;
}

/** RequestError `invalid_request` where it is no form, or has no file. */
export function readForm(request: FastifyRequest): Form {
  const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
  const parts = splitParts(body, boundaryOf(request.headers["content-type"] ?? ""));
  const files: FormFile[] = [];
  const fields = new Map<string, string>();
  let metadata: JsonObject = {};
  for (const { headers, content } of parts) {
    const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(headers)?.[1] ?? "";
    const name = parameterOf(disposition, "filename");
    const field = parameterOf(disposition, "name") ?? "";
    const mediaType = /^content-type:\s*([^\s;]+)/im.exec(headers)?.[1]?.toLowerCase() ?? null;
    if (name !== null) files.push({ field, name, mediaType, content });
    else if (field === "metadata") metadata = metadataOf(content);
    else fields.set(field, content.toString("utf8"));
  }
  if (files.length === 0) throw invalid("The form has no file.");
  return { files, fields, metadata };
}

function boundaryOf(type: string): string {
  const [, quoted, bare] = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw invalid("Send multipart/form-data with a boundary.");
  return boundary;
}

/** RFC 2046: parts lie between lines of two dashes and the boundary; the last one has two dashes more. */
function splitParts(body: Buffer, boundary: string): readonly Part[] {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: Part[] = [];
  // The first line has no line break before it.
  let at = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))
    ? delimiter.length - 2
    : after(body.indexOf(delimiter), delimiter);
  while (body.toString("latin1", at, at + 2) === "\r\n") {
    const headersEnd = body.indexOf("\r\n\r\n", at);
    const end = body.indexOf(delimiter, at);
    if (headersEnd < 0 || end < headersEnd || headersEnd - at > MAX_HEADER_BYTES) throw malformed();
    parts.push({ headers: body.toString("utf8", at + 2, headersEnd), content: body.subarray(Math.min(headersEnd + 4, end), end) });
    if (parts.length > MAX_PARTS) throw invalid(`The form has more than ${MAX_PARTS} parts.`);
    at = end + delimiter.length;
  }
  if (body.toString("latin1", at, at + 2) !== "--") throw malformed();
  return parts;
}

function after(at: number, delimiter: Buffer): number {
  if (at < 0) throw malformed();
  return at + delimiter.length;
}

/** Browsers write a quote as %22, others with a backslash. */
function parameterOf(disposition: string, parameter: string): string | null {
  const [, quoted, bare] = new RegExp(`(?:^|;)\\s*${parameter}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(disposition) ?? [];
  const value = quoted?.replace(/\\(["\\])/g, "$1").replace(/%22/g, '"') ?? bare;
  return value ?? null;
}

function metadataOf(content: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(content.toString("utf8"));
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw invalidMember("/metadata", "The field metadata is a JSON object.");
}

function malformed(): RequestError {
  return invalid("The body is no well-formed multipart/form-data.");
}

function invalid(message: string): RequestError {
  return new RequestError("invalid_request", { message });
}
