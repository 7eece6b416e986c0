import type { Json } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import type { Body, Part } from "#http/config";
import { encodeMultipart, type WirePart } from "#http/multipart";
import { decodeBase64 } from "#kit/base64";
import { encodeForm, pairsOf, textsOf } from "#kit/pairs";
import { type FileSource, readFile } from "#kit/read-file";
import { encodeUtf8 } from "#kit/utf8";

export interface WireBody {
  readonly content: string | Uint8Array;
  /** `fixed`: the content cannot be read under another Content-Type. */
  readonly contentType: { readonly value: string; readonly fixed: boolean };
}

/** The bytes of a body and their Content-Type. The plan has seen to it that there is exactly one kind. */
export async function encodeBody(body: Body, source: FileSource): Promise<WireBody> {
  if (body.json !== undefined) return wire(jsonText(body.json), "application/json");
  if (body.form !== undefined) return wire(encodeForm(pairsOf(body.form)), "application/x-www-form-urlencoded");
  if (body.text !== undefined) return wire(textOf(body.text), "text/plain; charset=utf-8");
  if (body.raw !== undefined) return wire(rawBytes(body.raw), "application/octet-stream");
  const parts = await Promise.all((body.multipart ?? []).map((part, index) => wireParts(part, index, source)));
  const { contentType, body: content } = encodeMultipart(parts.flat());
  return wire(content, contentType, true);
}

function wire(content: string | Uint8Array, contentType: string, fixed = false): WireBody {
  return { content, contentType: { value: contentType, fixed } };
}

/** Files in it are written as their URLs, as everywhere in a text; `textOf` does that inside of arrays and objects. */
function jsonText(value: Json): string {
  return textOf([value]).slice(1, -1);
}

function rawBytes(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === null) throw new TerminalError("type_error", "request.body.raw is not base64; send text as request.body.text.");
  return bytes;
}

async function wireParts({ name, value, file }: Part, index: number, source: FileSource): Promise<readonly WirePart[]> {
  if (value !== undefined) return textsOf(value).map((text) => ({ name, content: encodeUtf8(text) }));
  const files: readonly Json[] = Array.isArray(file) ? file : [file ?? null];
  const present = files.filter((one) => one !== null);
  return Promise.all(present.map(async (one) => ({ name, ...(await readFile(one, `request.body.multipart[${index}].file`, source)) })));
}
