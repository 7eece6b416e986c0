import { isIP } from "node:net";
import type { Route } from "@millrace/contract";
import { isForwardedHttps, type TrustedProxies } from "#http/client-address";
import { header, type WireRequest } from "#http/request";
import { RequestError } from "#request-error";

export interface OriginPorts {
  readonly settings: { readonly publicUrl: string | null; readonly host: string };
  readonly proxies: TrustedProxies;
}

/**
 * What only the server's own pages may ask for: requests with a session's cookie, which a browser would send for any page, and those that
 * begin a session. Browsers say where a request comes from, and scripts cannot forge it; a request that changes something and says
 * nothing is refused where it has the cookie. Throws `foreign_origin`.
 */
export function refuseForeign(ports: OriginPorts, route: Route, request: WireRequest, { cookie }: { readonly cookie: boolean }): void {
  const hostname = URL.parse(`http://${request.host}`)?.hostname ?? "";
  if (!isOwnHost(ports, hostname)) throw new RequestError("foreign_origin", { key: "foreign_origin.host", params: { host: hostname } });
  const site = header(request, "sec-fetch-site");
  const origin = header(request, "origin");
  const reads = route.method === "GET";
  const isOwnSite = site === null || site === "same-origin" || (reads && site === "none");
  const isOwnOrigin = origin === null || isOwn(ports, request, origin);
  const saysNothing = site === null && origin === null;
  if (!isOwnSite || !isOwnOrigin || (cookie && !reads && saysNothing)) throw new RequestError("foreign_origin");
  // Forms can send nothing of these types, but to the route that takes files of a form: there the origin alone says no.
  const types = route.body?.contentTypes ?? ["application/json"];
  const type = header(request, "content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (route.body && !types.includes(type)) throw new RequestError("foreign_origin", { key: "foreign_origin.content_type" });
}

/** What a page of another site asks a browser to send, for routes that take a key alone. Throws `foreign_origin`. */
export function refuseForeignOrigin(ports: OriginPorts, request: WireRequest): void {
  const origin = header(request, "origin");
  if (origin !== null && !isOwn(ports, request, origin)) throw new RequestError("foreign_origin");
}

/** Is the browser's end of the connection encrypted? Then the cookie is for such connections only. */
export function isHttps(ports: OriginPorts, request: WireRequest): boolean {
  const { publicUrl } = ports.settings;
  const isPublic = publicUrl?.startsWith("https:") === true && new URL(publicUrl).host === request.host.toLowerCase();
  return isPublic || isForwardedHttps(request, ports.proxies);
}

/** Behind any other name may be a page that has its name point here. An address is nobody's to point. */
function isOwnHost({ settings: { publicUrl, host } }: OriginPorts, hostname: string): boolean {
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 || hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  return hostname === host.toLowerCase() || (publicUrl !== null && hostname === new URL(publicUrl).hostname);
}

function isOwn({ settings: { publicUrl } }: OriginPorts, request: WireRequest, origin: string): boolean {
  const given = URL.parse(origin);
  return (
    given !== null && (given.host === request.host.toLowerCase() || (publicUrl !== null && given.origin === new URL(publicUrl).origin))
  );
}
