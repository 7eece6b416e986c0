type Headers = { readonly [name: string]: string };
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** They frame the message or speak to the connection, or say that this server signed it. */
const IGNORED = new Set(["host", "content-length", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"]);
const IGNORED_PREFIXES = ["proxy-", "webhook-"];

/** What the caller asked to have sent along, as far as it may. */
export function callerFields(headers: Headers): HeaderFields {
  return Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return !IGNORED.has(lower) && !IGNORED_PREFIXES.some((prefix) => lower.startsWith(prefix));
  });
}

/** What we would send, without that which the caller sets instead. */
export function defaultFields(given: HeaderFields, version: string, hasBody: boolean): HeaderFields {
  const set = new Set(given.map(([name]) => name.toLowerCase()));
  const defaults = [
    ...(hasBody ? [["Content-Type", "application/json"] as const] : []),
    ["User-Agent", `Millrace/${version}`] as const,
    // Of an answer only the beginning is kept, and the beginning of a compressed one cannot be read.
    ["Accept-Encoding", "identity"] as const,
  ];
  return defaults.filter(([name]) => !set.has(name.toLowerCase()));
}
