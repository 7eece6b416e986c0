import { LIMITS } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import { type Form, readForm } from "#http/multipart-form";
import { invalidMember, RequestError } from "#request-error";

/** The one file of a form, in its field `file`. Throws `invalid_request`, `body_too_large`. */
export function readUpload(request: FastifyRequest): { readonly bytes: Buffer; readonly fields: Form["fields"] } {
  const { files, fields } = readForm(request);
  const [file] = files.filter(({ field }) => field === "file");
  if (!file) throw invalidMember("/file", "file: a form with the workflow in its field file is needed");
  const limit = LIMITS.flowUploadBytes.value;
  if (file.content.length > limit) throw new RequestError("body_too_large", { params: { limit } });
  return { bytes: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.length), fields };
}

/** A text of a form; absent and empty are one. Throws `invalid_request` where it is longer, in code points. */
export function formText(fields: Form["fields"], name: string, limit: number): string {
  const text = fields.get(name) ?? "";
  if (text.length > limit && [...text].length > limit) throw invalidMember(`/${name}`, `${name}: at most ${limit} characters`);
  return text;
}
