// @ts-check
import { currentLanguage } from "./language.js";
import { currentKey } from "./session.js";

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
 * @param {{ query?: Query, signal: AbortSignal, key?: string }} options `key`: instead of the session's
 * @returns {Promise<unknown>}
 */
export async function getJson(path, { query = {}, signal, key = currentKey() ?? "" }) {
  const response = await send(path + queryText(query), { Accept: "application/json", Authorization: `Bearer ${key}` }, signal);
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
  const response = await send(path, { Accept: "text/markdown" }, signal);
  if (response.status === 404) return null;
  const text = await readText(response);
  if (!response.ok) throw new ApiError(response.status, parse(text) ?? {}, retryAfterMs(response));
  return text;
}

/** @param {string} path @param {Record<string, string>} headers @param {AbortSignal} signal */
async function send(path, headers, signal) {
  try {
    return await fetch(path, {
      headers: { ...headers, "Accept-Language": currentLanguage() },
      signal,
      credentials: "omit",
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
