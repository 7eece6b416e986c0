// @ts-check

/** @typedef {{ page: "workflows" | "runs" | "login" | "setup" | "join" } | { page: "run", id: string } | { page: "error", type: string }} Route */

/** Those whose address is one word. */
const PAGES = /** @type {const} */ ([{ page: "workflows" }, { page: "runs" }, { page: "login" }, { page: "setup" }, { page: "join" }]);

/**
 * Which page an address is; null when it is none of the console's.
 * @param {string} pathname
 * @returns {Route | null}
 */
export function routeOf(pathname) {
  const parts = pathname.split("/").filter((part) => part !== "");
  const [first, second] = parts.map(decode);
  if (parts.length === 0) return { page: "workflows" };
  if (parts.length === 1) return PAGES.find(({ page }) => page === first) ?? null;
  if (parts.length !== 2 || !second) return null;
  if (first === "runs") return { page: "run", id: second };
  return first === "errors" ? { page: "error", type: second } : null;
}

/** @param {string} part a malformed escape stays as it is */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string} id */
export function runPath(id) {
  return `/runs/${encodeURIComponent(id)}`;
}

/**
 * A click that should change the page without loading it anew: plain, on a link to a page of ours.
 * @param {MouseEvent} event
 * @returns {URL | null}
 */
export function pageOfClick(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.href || link.target !== "" || link.hasAttribute("download")) return null;
  const url = new URL(link.href, location.href);
  return url.origin === location.origin && url.hash === "" && routeOf(url.pathname) ? url : null;
}
