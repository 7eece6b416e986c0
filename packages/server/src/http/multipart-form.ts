import { isJsonObject, type JsonObject } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { invalidMember, RequestError } from "#request-error";

/** Files and fields of one form. */
const MAX_PARTS = 100;

export interface FormFile {
  readonly name: string;
  readonly mediaType: string | null;
  readonly content: Uint8Array;
}

/** Files of a form, and its field `metadata`. RequestError `invalid_request` where it is no form, or has no file. */
export async function readForm(request: FastifyRequest): Promise<{ readonly files: readonly FormFile[]; readonly metadata: JsonObject }> {
  const type = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) throw invalid("Send multipart/form-data with a boundary.");
  const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => {
    throw invalid("The body is no well-formed multipart/form-data.");
  });
  const parts = [...form];
  if (parts.length > MAX_PARTS) throw invalid(`The form has ${parts.length} parts; ${MAX_PARTS} is the most.`);
  const files: FormFile[] = [];
  for (const [, value] of parts) {
    if (typeof value === "string") continue;
    const content = new Uint8Array(await value.arrayBuffer());
    files.push({ name: value.name, mediaType: value.type === "" ? null : value.type, content });
  }
  if (files.length === 0) throw invalid("The form has no file.");
  return { files, metadata: metadataOf(form.get("metadata")) };
}

function metadataOf(field: unknown): JsonObject {
  if (field === null) return {};
  try {
    const value: unknown = JSON.parse(String(field));
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw invalidMember("/metadata", "The field metadata is a JSON object.");
}

function invalid(message: string): RequestError {
  return new RequestError("invalid_request", { message });
}
