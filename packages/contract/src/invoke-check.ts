import { type Fault, shownValue, typeWord, wording } from "#fault";
import { FaultSink } from "#fault-sink";
import { isJsonObject, type Json, type JsonObject } from "#json";
import type { Language } from "#language";
import { LIMITS } from "#limits";
import type { QueryBody } from "#run";
import { isLongerThan } from "#text-length";
import { type CheckedWebhook, checkTarget, checkWebhooks } from "#webhook-check";

/** A checked invoke body: optional members have their defaults, `webhook` methods are upper case, fragments are gone. */
export interface InvokeRequest {
  readonly userId: string | null;
  readonly input: JsonObject;
  readonly isAsync: boolean;
  readonly webhook: readonly CheckedWebhook[];
}

export type Checked<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly faults: readonly Fault[] };

export interface InvokeCheckOptions {
  /** Language of the faults' messages; default English. */
  readonly language?: Language;
  /** Why the host of a webhook URL must not be called (a literal private address), or null. */
  readonly refuseHost?: (url: string) => string | null;
}

/** Every fault of the shape of an invoke body, in the order of its members. `input` is compared with Start elsewhere. */
export function checkInvokeBody(value: unknown, options: InvokeCheckOptions = {}): Checked<InvokeRequest> {
  const sink = new FaultSink(options.language ?? "en");
  if (!isJsonObject(value)) {
    sink.add("type", "object", typeWord(value));
    return { ok: false, faults: sink.faults };
  }
  const userId = checkUserId(value["userId"], sink);
  const input = checkInput(value["input"], sink);
  const isAsync = checkIsAsync(value["isAsync"], sink);
  const webhook = checkWebhooks(value["webhook"], sink, options.refuseHost);
  return sink.failed ? { ok: false, faults: sink.faults } : { ok: true, body: { userId, input, isAsync, webhook } };
}

/** One webhook by itself, as strictly as in an invoke body. */
export function checkWebhookTarget(value: Json, options: InvokeCheckOptions = {}): Checked<CheckedWebhook> {
  const sink = new FaultSink(options.language ?? "en");
  const target = checkTarget(value, sink, options.refuseHost);
  return target === null || sink.failed ? { ok: false, faults: sink.faults } : { ok: true, body: target };
}

export function checkQueryBody(value: unknown, options: { readonly language?: Language } = {}): Checked<QueryBody> {
  const sink = new FaultSink(options.language ?? "en");
  if (!isJsonObject(value)) sink.add("type", "object", typeWord(value));
  const workflowRunId = isJsonObject(value) ? checkRunId(value["workflowRunId"], sink) : "";
  return sink.failed ? { ok: false, faults: sink.faults } : { ok: true, body: { workflowRunId } };
}

/** A checked retry body with its defaults. */
export interface RetryRequest {
  readonly workflowRunId: string;
  readonly from: "failed" | "start";
  readonly version: "same" | "live";
}

export function checkRetryBody(value: unknown, options: { readonly language?: Language } = {}): Checked<RetryRequest> {
  const sink = new FaultSink(options.language ?? "en");
  if (!isJsonObject(value)) {
    sink.add("type", "object", typeWord(value));
    return { ok: false, faults: sink.faults };
  }
  const workflowRunId = checkRunId(value["workflowRunId"], sink);
  const from = checkChoice("from", value["from"], ["failed", "start"], sink);
  // Results hold for the version that gave them.
  const version = checkChoice("version", value["version"], from === "failed" ? ["same"] : ["same", "live"], sink);
  return sink.failed ? { ok: false, faults: sink.faults } : { ok: true, body: { workflowRunId, from, version } };
}

/** A checked signal body with its defaults. */
export interface SignalRequest {
  readonly workflowRunId: string;
  readonly name: string;
  readonly value: Json;
  readonly id: string | null;
}

export function checkSignalBody(value: unknown, options: { readonly language?: Language } = {}): Checked<SignalRequest> {
  const sink = new FaultSink(options.language ?? "en");
  if (!isJsonObject(value)) {
    sink.add("type", "object", typeWord(value));
    return { ok: false, faults: sink.faults };
  }
  const workflowRunId = checkRunId(value["workflowRunId"], sink);
  const name = checkText("name", value["name"], LIMITS.signalNameCharacters.value, sink);
  const given = value["id"] ?? null;
  const id = given === null ? null : checkText("id", given, LIMITS.signalIdCharacters.value, sink);
  return sink.failed ? { ok: false, faults: sink.faults } : { ok: true, body: { workflowRunId, name, value: value["value"] ?? null, id } };
}

/** One of a few words; absent is the first. */
function checkChoice<const T extends string>(name: string, value: Json | undefined, choices: readonly [T, ...T[]], sink: FaultSink): T {
  const chosen = value === undefined || value === null ? choices[0] : choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  sink.enter(name);
  sink.add("enum", wording("one_of", { values: choices.join(", ") }), typeof value === "string" ? shownValue(value) : typeWord(value));
  sink.leave();
  return choices[0];
}

function checkUserId(value: Json | undefined, sink: FaultSink): string | null {
  if (value === undefined || value === null) return null;
  sink.enter("userId");
  const limit = LIMITS.userIdCharacters.value;
  if (typeof value !== "string") sink.add("type", "string", typeWord(value));
  else if (isLongerThan(value, limit)) sink.add("max_length", wording("at_most_characters", { limit }), shownValue(value));
  sink.leave();
  return typeof value === "string" ? value : null;
}

const EMPTY_INPUT: JsonObject = {};

function checkInput(value: Json | undefined, sink: FaultSink): JsonObject {
  if (isJsonObject(value)) return value;
  sink.enter("input");
  sink.add(value === undefined || value === null ? "required" : "type", "object", typeWord(value));
  sink.leave();
  return EMPTY_INPUT;
}

function checkIsAsync(value: Json | undefined, sink: FaultSink): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  sink.enter("isAsync");
  sink.add("type", "boolean", typeWord(value));
  sink.leave();
  return false;
}

function checkRunId(value: Json | undefined, sink: FaultSink): string {
  return checkText("workflowRunId", value, LIMITS.workflowRunIdCharacters.value, sink);
}

/** A text that has to be there. */
function checkText(member: string, value: Json | undefined, limit: number, sink: FaultSink): string {
  sink.enter(member);
  if (value === undefined || value === null) sink.add("required", "string", typeWord(value));
  else if (typeof value !== "string") sink.add("type", "string", typeWord(value));
  else if (value === "") sink.add("min_length", wording("non_empty"), shownValue(value));
  else if (isLongerThan(value, limit)) sink.add("max_length", wording("at_most_characters", { limit }), shownValue(value));
  sink.leave();
  return typeof value === "string" ? value : "";
}
