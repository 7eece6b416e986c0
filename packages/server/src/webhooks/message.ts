import { LIMITS } from "@millrace/contract";
import type { GuardedRequest } from "#egress/egress";
import type { WebhookTarget } from "#store/webhook-store";
import { callerFields, defaultFields, type HeaderFields } from "#webhooks/headers";
import { signatures } from "#webhooks/signature";

export interface Unsigned extends WebhookTarget {
  readonly id: string;
  /** Null: a GET, which has none. */
  readonly body: string | null;
  /** Of this server. */
  readonly version: string;
}

export interface Message {
  readonly id: string;
  readonly request: Pick<GuardedRequest, "method" | "url" | "headers" | "serverHeaders" | "body" | "watch">;
  /** The head as it is kept: what the caller sets may be a credential, so its values are not. */
  readonly shown: { readonly method: string; readonly url: string; readonly headers: { readonly [name: string]: string } };
  /** What of an answer is not kept either: a receiver may say again what it was sent. */
  readonly hidden: readonly string[];
}

const HIDDEN = "***";

/** Shorter parts of a value occur by chance. */
const LEAST_HIDDEN = LIMITS.secretLeastCharacters.value;

/** One signed attempt. */
export function signedMessage({ id, method, url, headers, body, version }: Unsigned, secrets: readonly string[], now: number): Message {
  const timestamp = Math.floor(now / 1_000);
  const given = callerFields(headers);
  const own: HeaderFields = [
    ...defaultFields(given, version, body !== null),
    ["webhook-id", id],
    ["webhook-timestamp", String(timestamp)],
    ["webhook-signature", signatures(secrets, id, timestamp, body ?? "")],
  ];
  const shown = [...own, ...given.map(([name]) => [name, HIDDEN] as const)];
  return {
    id,
    request: { method, url, headers: given, serverHeaders: own, ...(body !== null && { body }) },
    shown: { method, url, headers: Object.fromEntries(shown) },
    hidden: given.flatMap(([, value]) => value.split(/\s+/)).filter((part) => part.length >= LEAST_HIDDEN),
  };
}
