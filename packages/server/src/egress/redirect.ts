import { type Credential, credentialPath, showsCredential } from "#egress/credential";
import type { HeaderFields } from "#egress/headers";
import { egressDenied, type Refusal } from "#egress/refusal";
import { isRefusal, parseTarget, type Target } from "#egress/target";

/** One request of a chain. */
export interface Hop {
  readonly target: Target;
  readonly method: string;
  /** Everything that the caller set; empty after a change of origin. */
  readonly fields: HeaderFields;
  readonly body: Uint8Array | undefined;
  readonly credential: Credential | undefined;
  /** What the caller holds secret, in whatever spelling. */
  readonly shows: ((text: string) => boolean) | undefined;
  /** Some hop of this chain sent something that the caller set. Never false again: what a chain has carried it may carry on. */
  readonly carried: boolean;
}

export interface RedirectAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/** True for a 301, 302, 303, 307 or 308 that says where to go. Anything else, also with `Refresh`, is an answer. */
export function isRedirect({ status, headers }: RedirectAnswer): boolean {
  return REDIRECTS.has(status) && headers["location"] !== undefined;
}

/** The next request of the chain (rule 8). The new target passes the other rules before it is used. @throws TerminalError `egress_denied` */
export function nextHop(hop: Hop, answer: RedirectAnswer): Hop {
  const target = locate(hop, answer);
  const moved = rewrite(hop, answer.status);
  return target.origin === hop.target.origin ? { ...moved, target } : crossOrigin(moved, target);
}

function locate(hop: Hop, { headers }: RedirectAnswer): Target {
  const location = headers["location"];
  if (typeof location !== "string") throw refused("The answer has more than one Location header.");
  // Header bytes arrive as Latin-1; servers that send raw characters send UTF-8.
  const target = parseTarget(Buffer.from(location, "latin1").toString("utf8"), hop.target);
  if (isRefusal(target)) throw egressDenied({ ...target, reason: `A redirect is not followed. ${target.reason}` });
  return target;
}

/** What browsers do: 303 fetches the result, 301 and 302 turn a POST into a GET, 307 and 308 repeat the request. */
function rewrite(hop: Hop, status: number): Hop {
  const fetchesResult = status === 303 && hop.method !== "GET" && hop.method !== "HEAD";
  const becomesGet = fetchesResult || ((status === 301 || status === 302) && hop.method === "POST");
  if (!becomesGet) return hop;
  const fields = hop.fields.filter(([name]) => !BODY_HEADERS.has(name.toLowerCase()));
  return { ...hop, method: "GET", body: undefined, fields };
}

function crossOrigin(hop: Hop, target: Target): Hop {
  if (hop.target.secure && !target.secure && hop.carried)
    throw refused("A redirect leads from https to http after headers, a body or a credential were sent.");
  if (hop.body !== undefined) throw refused("A redirect asks to send the request body to another origin; call that URL directly.");
  const shown = (hop.credential !== undefined && showsCredential(target.href, hop.credential)) || hop.shows?.(target.href) === true;
  if (shown) throw refused("A redirect carries the credential on to another origin.");
  const { method, shows, carried } = hop;
  return { target, method, fields: [], body: undefined, credential: undefined, shows, carried };
}

/** The request line's path, with a credential that travels in the query. */
export function requestPath(hop: Hop): string {
  return credentialPath(hop.target.path, hop.credential);
}

function refused(reason: string): Error {
  const refusal: Refusal = { rule: 8, reason };
  return egressDenied(refusal);
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** They describe a body that is no longer there. */
const BODY_HEADERS = new Set(["content-encoding", "content-language", "content-location", "content-type"]);
