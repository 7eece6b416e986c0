import { type Address, parseAddress } from "#egress/address";
import { MAX_URL_CHARS } from "#egress/limits";
import type { Refusal } from "#egress/refusal";

/** A URL after its one parse. Nothing downstream reads the text again. */
export interface Target {
  readonly secure: boolean;
  /** Lower case, no trailing dot; an IPv6 literal without brackets. */
  readonly host: string;
  /** The address that the URL spells, or null for a name. */
  readonly literal: Address | null;
  readonly port: number;
  /** Scheme, host and port in canonical spelling: equal text means same origin. */
  readonly origin: string;
  /** Path and query as they go into the request line. */
  readonly path: string;
  /** Without the fragment. */
  readonly href: string;
}

/** Applies the rules on the form of a URL (rule 1). `base` makes a relative reference absolute. */
export function parseTarget(text: string, base?: Target): Target | Refusal {
  if (text.length > MAX_URL_CHARS) return malformed(`The URL is longer than ${MAX_URL_CHARS} characters.`);
  const url = URL.parse(text, base?.href);
  if (url === null) return malformed("The URL is not valid; write an absolute http or https URL.");
  if (url.protocol !== "http:" && url.protocol !== "https:") return malformed("Only http and https URLs are sent.");
  if (url.username !== "" || url.password !== "") {
    return malformed("The URL carries a user name or password; send an Authorization header instead.");
  }
  if (url.href.length > MAX_URL_CHARS) return malformed(`The URL is longer than ${MAX_URL_CHARS} characters once it is encoded.`);
  return toTarget(url);
}

export function isRefusal(value: Target | Refusal): value is Refusal {
  return "rule" in value;
}

function malformed(reason: string): Refusal {
  return { rule: 1, reason };
}

function toTarget(url: URL): Target {
  const hostname = url.hostname.replace(/\.$/, "");
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const secure = url.protocol === "https:";
  const origin = `${url.protocol}//${hostname}${url.port === "" ? "" : `:${url.port}`}`;
  const path = url.pathname + url.search;
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host, literal: parseAddress(host), port, origin, path, href: origin + path };
}
