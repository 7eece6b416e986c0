import { TerminalError } from "@millrace/engine";
import { MAX_REQUEST_HEADER_BYTES, MAX_REQUEST_HEADERS } from "#egress/limits";

export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** Who set the fields: `caller` may not use the webhook-* names, which say "signed by this server". */
export type HeaderSource = "caller" | "server";

/** Returns the fields unchanged. @throws TerminalError `type_error` naming the header; never its value. */
export function checkHeaders(fields: HeaderFields, source: HeaderSource): HeaderFields {
  if (fields.length > MAX_REQUEST_HEADERS)
    throw invalid(`A request has at most ${MAX_REQUEST_HEADERS} headers; this one has ${fields.length}.`);
  const size = fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > MAX_REQUEST_HEADER_BYTES) throw invalid(`The headers are larger than ${MAX_REQUEST_HEADER_BYTES} bytes together.`);
  for (const [name, value] of fields) checkField(name, value, source);
  return fields;
}

export function hasHeader(fields: HeaderFields, lowerCaseName: string): boolean {
  return fields.some(([name]) => name.toLowerCase() === lowerCaseName);
}

function checkField(name: string, value: string, source: HeaderSource): void {
  if (!TOKEN.test(name)) throw invalid(`The header name ${shown(name)} has a character that header names cannot have, or is empty.`);
  const lower = name.toLowerCase();
  if (isReserved(lower) || (source === "caller" && lower.startsWith("webhook-"))) {
    throw invalid(`The header ${shown(name)} cannot be set: Millrace sets it; remove it from the request.`);
  }
  if (!FIELD_VALUE.test(value)) {
    throw invalid(`The value of the header ${shown(name)} has a line break, another control character or a character outside Latin-1.`);
  }
}

function isReserved(lowerCaseName: string): boolean {
  return RESERVED.has(lowerCaseName) || lowerCaseName.startsWith("proxy-");
}

function invalid(message: string): TerminalError {
  return new TerminalError("type_error", message);
}

/** Quoted, control characters escaped, cut: the name may be anything. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They frame the message or speak to the connection: a second opinion about them is how requests are smuggled. */
const RESERVED = new Set(["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"]);
