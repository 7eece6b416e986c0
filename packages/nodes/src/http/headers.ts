import type { JsonObject } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import type { Auth } from "#http/config";
import { encodeBase64 } from "#kit/base64";
import { encodeUtf8 } from "#kit/utf8";

export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** What a request carries besides the headers that its author wrote. */
export interface HeaderParts {
  readonly headers: JsonObject;
  readonly auth: Auth | undefined;
  /** Of the body; `fixed`: it names the boundary, so the author's own Content-Type gives way. */
  readonly contentType: { readonly value: string; readonly fixed: boolean } | null;
  /** Null where the method has no effect that could be repeated. */
  readonly idempotencyKey: string | null;
}

/** The headers to send, each name once. Credentials replace a header of the same name; the author's own win over our defaults. */
export function requestHeaders({ headers, auth, contentType, idempotencyKey }: HeaderParts): HeaderFields {
  const fields = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string) => fields.set(name.toLowerCase(), [name, value]);
  for (const [name, value] of Object.entries(headers)) if (value !== null) set(name, textOf(value));
  if (auth) set(...credentials(auth));
  if (contentType && (contentType.fixed || !fields.has("content-type"))) set("Content-Type", contentType.value);
  if (idempotencyKey !== null && !fields.has("idempotency-key")) set("Idempotency-Key", idempotencyKey);
  return [...fields.values()];
}

function credentials(auth: Auth): readonly [name: string, value: string] {
  switch (auth.type) {
    case "bearer":
      return ["Authorization", `Bearer ${auth.token}`];
    case "basic":
      return ["Authorization", `Basic ${encodeBase64(encodeUtf8(`${userName(auth.username)}:${auth.password}`))}`];
    case "header":
      return [auth.name, auth.value];
    default:
      return auth satisfies never;
  }
}

/** The receiver splits at the first colon: what follows it would become part of the password. */
function userName(name: string): string {
  if (!name.includes(":")) return name;
  throw new TerminalError("type_error", "request.auth.username holds a colon, which HTTP Basic cannot carry in a user name.");
}
