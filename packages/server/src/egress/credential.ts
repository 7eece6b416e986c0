import { checkHeaders, type HeaderFields } from "#egress/headers";
import { egressDenied } from "#egress/refusal";
import type { Target } from "#egress/target";

/** A secret that goes only to the hosts it is bound to. It is added after the target is checked; nothing that asks for a request reads it. */
export interface Credential {
  /** `host` or `host:port`, lower case, exact. */
  readonly hosts: readonly string[];
  readonly headers?: HeaderFields;
  /** Appended to the query, percent-encoded here; never part of the URL that is reported. */
  readonly query?: HeaderFields;
}

/** @throws TerminalError `egress_denied` when the target is not one of the credential's hosts, `type_error` for a header that cannot be sent. */
export function checkCredential(credential: Credential, target: Target): void {
  const bound = credential.hosts.some((host) => host === target.host || host === `${target.host}:${target.port}`);
  if (!bound)
    throw egressDenied({ rule: 9, reason: "The credential is not bound to the host of this request; use the connection's own host." });
  checkHeaders(credential.headers ?? [], "caller");
}

export function credentialPath(path: string, credential: Credential | undefined): string {
  const pairs = (credential?.query ?? []).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}${path.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}

/** Many servers redirect with the query that they received: a redirect that carries the secret on is a leak. */
export function showsCredential(href: string, credential: Credential): boolean {
  const secrets = [...(credential.headers ?? []), ...(credential.query ?? [])].map(([, value]) => value);
  return secrets.some((secret) => secret !== "" && (href.includes(secret) || href.includes(encodeURIComponent(secret))));
}
