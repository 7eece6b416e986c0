import { LIMITS } from "@millrace/contract";
import { header, type WireRequest } from "#http/request";
import { RequestError } from "#request-error";

const PRINTABLE = /^[ -~]+$/;

/** null: the request may be made twice. */
export function idempotencyKeyOf(request: WireRequest): string | null {
  const key = header(request, "idempotency-key");
  const limit = LIMITS.idempotencyKeyCharacters.value;
  if (key !== null && (!PRINTABLE.test(key) || key.length > limit))
    throw new RequestError("invalid_request", { key: "invalid_request.idempotency_key", params: { limit } });
  return key;
}
