import { MAX_SHOWN_URL } from "#http/limits";
import { type Pair, percentEncode } from "#http/pairs";

/** The URL with the pairs appended to its query. A fragment is never sent, so it is dropped. */
export function withQuery(url: string, pairs: readonly Pair[]): string {
  if (pairs.length === 0) return url;
  const [base = ""] = url.split("#", 1);
  const query = pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
  if (!base.includes("?")) return `${base}?${query}`;
  return base.endsWith("?") || base.endsWith("&") ? base + query : `${base}&${query}`;
}

/** `https://host/path` for messages: without user, query and fragment, which may carry credentials and users' data. */
export function shownUrl(url: string): string {
  const [, scheme = "", place = ""] = /^([a-z]+:\/\/)?(?:[^/?#]*@)?([^?#]*)/i.exec(printable(url)) ?? [];
  const text = scheme + place;
  return text.length <= MAX_SHOWN_URL ? text : `${text.slice(0, MAX_SHOWN_URL - 1)}…`;
}

/** A URL parser drops line breaks and tabs; a message must not carry them either. */
function printable(url: string): string {
  return url.trim().replace(/\p{Cc}/gu, "");
}
