import { type Pair, percentEncode } from "#kit/pairs";

/** The URL with the pairs appended to its query. A fragment is never sent, so it is dropped. */
export function withQuery(url: string, pairs: readonly Pair[]): string {
  if (pairs.length === 0) return url;
  const [base = ""] = url.split("#", 1);
  const query = pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
  if (!base.includes("?")) return `${base}?${query}`;
  return base.endsWith("?") || base.endsWith("&") ? base + query : `${base}&${query}`;
}
