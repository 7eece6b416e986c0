import { header, type WireRequest } from "#http/request";

/** What proxies add: behind one, the other end of the connection says nothing of where a request comes from. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/**
 * Does a page of this server, in a browser on this machine, ask? The connection and the address in the browser's bar are loopback's, no
 * proxy is between, and the browser itself says that it was this server's page: scripts can forge none of these.
 */
export function isOwnMachine(request: WireRequest): boolean {
  if (PROXY_HEADERS.some((name) => header(request, name) !== null)) return false;
  return isLoopbackAddress(request.ip) && isLoopbackHost(request.host) && header(request, "sec-fetch-site") === "same-origin";
}

function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address.toLowerCase());
}

/** Another name may be pointed at a loopback address by whoever owns it. */
function isLoopbackHost(host: string): boolean {
  const hostname = URL.parse(`http://${host}`)?.hostname ?? "";
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
