// @ts-check
import { currentLanguage } from "./language.js";

/** An answer outside 2xx, in the server's own words (in the language of the page). */
export class ApiError extends Error {
  /** @param {number} status @param {Partial<import("@millrace/contract").ErrorBody>} body @param {number | null} retryAfterMs */
  constructor(status, body, retryAfterMs) {
    super(body.message ?? "");
    this.status = status;
    /** Name of the page that explains it, or null. */
    this.type = body.type?.split("/").at(-1) ?? null;
    this.requestId = body.requestId ?? null;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came. */
export class UnreachableError extends Error {}

/** Whether the same request may succeed later: there was no answer, the server is in trouble, or it asks for patience. @param {unknown} error */
export function canPass(error) {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429;
}

/** A query parameter that is absent is not sent. @typedef {Readonly<Record<string, string | number | null | undefined>>} Query */

/**
 * GETs JSON of the management API.
 * @param {string} path
 * @param {{ query?: Query, signal: AbortSignal }} options
 * @returns {Promise<unknown>}
 */
export async function getJson(path, { query = {}, signal }) {
  return readJson(await send(path + queryText(query), { headers: { Accept: "application/json" }, signal }));
}

/**
 * POSTs JSON; null is no body, and null comes back where the answer has none.
 * @param {string} path
 * @param {object | null} body
 * @param {{ signal: AbortSignal, key?: string }} options `key`: in place of the session
 * @returns {Promise<unknown>}
 */
export async function postJson(path, body, { signal, key }) {
  const content = body === null ? {} : { "Content-Type": "application/json" };
  const headers = { Accept: "application/json", ...content, ...(key !== undefined && { Authorization: `Bearer ${key}` }) };
  const response = await send(path, { method: "POST", headers, body: body === null ? null : JSON.stringify(body), signal });
  return response.status === 204 ? null : readJson(response);
}

/** @param {Response} response @returns {Promise<unknown>} */
async function readJson(response) {
  const text = await readText(response);
  if (!response.ok) throw new ApiError(response.status, parse(text) ?? {}, retryAfterMs(response));
  const body = parse(text);
  if (body === null) throw new ApiError(response.status, {}, null);
  return body;
}

/**
 * GETs the Markdown of an error's page; null when there is no such error.
 * @param {string} path
 * @param {AbortSignal} signal
 */
export async function getMarkdown(path, signal) {
  const response = await send(path, { headers: { Accept: "text/markdown" }, signal });
  if (response.status === 404) return null;
  const text = await readText(response);
  if (!response.ok) throw new ApiError(response.status, parse(text) ?? {}, retryAfterMs(response));
  return text;
}

/**
 * With the session's cookie, to this server alone. In the mode that is the default: in another one the browser would keep back where the
 * request comes from, and the server takes a change from its own pages only.
 * @param {string} path
 * @param {{ method?: string, headers: Record<string, string>, body?: string | null, signal: AbortSignal }} request
 */
async function send(path, { headers, signal, ...request }) {
  try {
    return await fetch(path, {
      ...request,
      headers: { ...headers, "Accept-Language": currentLanguage() },
      signal,
      credentials: "same-origin",
      redirect: "error",
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new UnreachableError("no answer", { cause: error });
  }
}

/** @param {Response} response */
async function readText(response) {
  try {
    return await response.text();
  } catch (error) {
    throw new UnreachableError("the answer broke off", { cause: error });
  }
}

/** @param {string} text @returns {object | null} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** @param {Response} response */
function retryAfterMs(response) {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null;
}

/** @param {Query} query */
export function queryText(query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
