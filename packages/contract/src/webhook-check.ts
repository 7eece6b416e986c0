import { shownValue, typeWord, wording } from "#fault";
import type { Sink } from "#fault-sink";
import { dropFragment, hasUserInformation, isHttpUrl } from "#http-url";
import { isJsonObject, type Json } from "#json";
import { LIMITS } from "#limits";
import { WEBHOOK_METHODS, type WebhookMethod } from "#run";
import { countUtf8Bytes, isLongerThan } from "#text-length";

/** One webhook target as it is stored: upper-case method, URL without fragment. */
export interface CheckedWebhook {
  readonly method: WebhookMethod;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

type RefuseHost = (url: string) => string | null;

const NO_HEADERS: CheckedWebhook["headers"] = {};
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Absent, null and an empty list are the same: no webhooks. */
export function checkWebhooks(value: Json | undefined, sink: Sink, refuseHost?: RefuseHost): readonly CheckedWebhook[] {
  if (value === undefined || value === null) return [];
  sink.enter("webhook");
  const targets = Array.isArray(value) ? checkList(value, sink, refuseHost) : [];
  if (!Array.isArray(value)) sink.add("type", "array", typeWord(value));
  sink.leave();
  return targets;
}

function checkList(list: readonly Json[], sink: Sink, refuseHost?: RefuseHost): readonly CheckedWebhook[] {
  const limit = LIMITS.webhooks.value;
  if (list.length > limit) {
    sink.add("max_items", wording("at_most_items", { limit }), wording("items", { count: list.length }));
    return [];
  }
  return list.flatMap((entry, index) => {
    sink.enter(index);
    const target = checkTarget(entry, sink, refuseHost);
    sink.leave();
    return target === null ? [] : [target];
  });
}

/** One entry of the list. */
export function checkTarget(entry: Json, sink: Sink, refuseHost?: RefuseHost): CheckedWebhook | null {
  if (!isJsonObject(entry)) {
    sink.add("type", "object", typeWord(entry));
    return null;
  }
  const method = inside(sink, "method", () => checkMethod(entry["method"], sink));
  const url = inside(sink, "url", () => checkUrl(entry["url"], sink, refuseHost));
  const headers = inside(sink, "headers", () => checkHeaders(entry["headers"], sink));
  return method === null || url === null || headers === null ? null : { method, url, headers };
}

function inside<T>(sink: Sink, step: string, check: () => T): T {
  sink.enter(step);
  const result = check();
  sink.leave();
  return result;
}

function checkMethod(value: Json | undefined, sink: Sink): WebhookMethod | null {
  if (typeof value !== "string") {
    sink.add(value === undefined || value === null ? "required" : "type", "string", typeWord(value));
    return null;
  }
  const method = WEBHOOK_METHODS.find((known) => known === value.toUpperCase());
  if (method === undefined) sink.add("enum", wording("one_of", { values: WEBHOOK_METHODS.join(", ") }), shownValue(value));
  return method ?? null;
}

function checkUrl(value: Json | undefined, sink: Sink, refuseHost?: RefuseHost): string | null {
  const limit = LIMITS.webhookUrlCharacters.value;
  if (typeof value !== "string") {
    sink.add(value === undefined || value === null ? "required" : "type", "string", typeWord(value));
    return null;
  }
  if (isLongerThan(value, limit)) sink.add("max_length", wording("at_most_characters", { limit }), shownValue(value));
  else if (!isHttpUrl(value)) sink.add("url", wording("http_url"), shownValue(value));
  else if (hasUserInformation(value)) sink.add("url", wording("url_without_user"), wording("url_with_user"));
  else return checkHost(dropFragment(value), sink, refuseHost);
  return null;
}

function checkHost(url: string, sink: Sink, refuseHost?: RefuseHost): string | null {
  const reason = refuseHost?.(url) ?? null;
  if (reason === null) return url;
  sink.add("host", wording("allowed_host"), reason);
  return null;
}

function checkHeaders(value: Json | undefined, sink: Sink): CheckedWebhook["headers"] | null {
  if (value === undefined || value === null) return NO_HEADERS;
  if (!isJsonObject(value)) {
    sink.add("type", "object", typeWord(value));
    return null;
  }
  const names = Object.keys(value);
  const limit = LIMITS.webhookHeaders.value;
  if (names.length > limit) sink.add("max_members", wording("at_most_members", { limit }), wording("members", { count: names.length }));
  else checkEachHeader(value, sink);
  return isHeaders(value) ? value : null;
}

function checkEachHeader(headers: { readonly [name: string]: Json }, sink: Sink): void {
  const limit = LIMITS.webhookHeaderBytes.value;
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    sink.enter(name);
    checkHeader(name, value, sink);
    sink.leave();
    bytes += countUtf8Bytes(name) + (typeof value === "string" ? countUtf8Bytes(value) : 0);
  }
  if (bytes > limit) sink.add("max_bytes", wording("at_most_bytes", { limit }), wording("bytes", { count: bytes }));
}

function checkHeader(name: string, value: Json, sink: Sink): void {
  if (!HEADER_NAME.test(name)) sink.add("header_name", wording("header_name"), shownValue(name));
  else if (typeof value !== "string") sink.add("type", "string", typeWord(value));
  else if (/[\r\n\0]/.test(value)) sink.add("header_value", wording("header_value"), wording("other_text"));
}

function isHeaders(value: { readonly [name: string]: Json }): value is CheckedWebhook["headers"] {
  return Object.values(value).every((entry) => typeof entry === "string");
}
