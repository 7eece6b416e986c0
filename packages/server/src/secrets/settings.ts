import { checkSchema, Problems } from "@millrace/engine";
import type { TSchema } from "typebox";
import { RequestError } from "#request-error";

/** RequestError `invalid_request` that names each setting that does not fit. */
export function checkSettings(schema: TSchema, settings: object): void {
  const problems = new Problems();
  checkSchema(schema, settings, "/settings", problems);
  if (!problems.failed) return;
  const errors = problems.list.map(({ path, code, message, hint }) => ({ path, code, message: hint ? `${message} (${hint})` : message }));
  throw new RequestError("invalid_request", { errors });
}
