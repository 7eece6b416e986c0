import type { Json } from "@millrace/contract";
import type { SandboxResult } from "@millrace/nodes";
import { readFrames } from "#sandbox/frames";
import { MAX_LOG_BYTES, MAX_LOG_WRITTEN, MAX_MESSAGE_CHARS, MAX_RESULT_BYTES, MAX_RESULT_DEPTH, STACK_BYTES } from "#sandbox/limits";
import { cleanLines } from "#sandbox/log-lines";
import { STATUS } from "#sandbox/protocol";
import { SandboxError } from "#sandbox/sandbox-error";

/** What a call was allowed, for the messages. */
export interface Allowed {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

/** Reads an answer of a sandbox process. Throws `SandboxError`. */
export function readAnswer(status: number, body: string, allowed: Allowed): SandboxResult {
  const lineFeed = body.indexOf("\n");
  const logs = lineFeed <= 0 ? [] : readLogs(body.slice(0, lineFeed));
  const rest = body.slice(lineFeed + 1);
  if (status === STATUS.result) return { value: parseJson(rest), logs };
  throw failure(status, rest, logs, allowed);
}

function failure(status: number, rest: string, logs: readonly string[], { timeoutMs, memoryBytes }: Allowed): SandboxError {
  switch (status) {
    case STATUS.error:
      return thrown(rest, logs);
    case STATUS.stack:
      return new SandboxError(
        "code_error",
        `stack overflow: the code nests calls deeper than its stack of ${STACK_BYTES / 1024} KiB allows`,
        logs,
        framesOf(rest),
      );
    case STATUS.timeout:
      return timedOut(timeoutMs, logs);
    case STATUS.idle:
      return new SandboxError(
        "code_timeout",
        "the code waits for a promise that nothing can settle: there are no timers and no network here",
        logs,
      );
    case STATUS.memory:
      return new SandboxError("code_memory", `the code needed more memory than its limit of ${megabytes(memoryBytes)} MiB`, logs);
    case STATUS.flood:
      return new SandboxError(
        "limit_exceeded",
        `the code wrote more console output than its limit of ${count(MAX_LOG_WRITTEN)} characters`,
        logs,
      );
    case STATUS.large:
      return new SandboxError("limit_exceeded", `the result is larger than its limit of ${count(MAX_RESULT_BYTES)} bytes of JSON`, logs);
    case STATUS.deep:
      return new SandboxError("code_error", `the result is nested deeper than ${MAX_RESULT_DEPTH} levels`, logs);
    default:
      return new SandboxError("code_error", "the sandbox engine failed while it ran this code", logs);
  }
}

export function timedOut(timeoutMs: number, logs: readonly string[] = []): SandboxError {
  return new SandboxError("code_timeout", `the code ran longer than its limit of ${count(timeoutMs)} ms`, logs);
}

export function processDied(): SandboxError {
  return new SandboxError("code_error", "the sandbox process ended while it ran this code, and again when it was tried once more");
}

function thrown(rest: string, logs: readonly string[]): SandboxError {
  const [name = "", message = ""] = parseStrings(rest);
  const frames = framesOf(rest);
  const [line] = /(?<=\()\d+(?=:\d+\)$)/.exec(frames.find((frame) => frame.endsWith(")")) ?? "") ?? [];
  const text = [name, message].filter((part) => part !== "").join(": ") + (line === undefined ? "" : ` (line ${line})`);
  return new SandboxError("code_error", text.slice(0, MAX_MESSAGE_CHARS).toWellFormed(), logs, frames);
}

function framesOf(rest: string): string[] {
  return readFrames(parseStrings(rest)[2] ?? "");
}

function parseStrings(rest: string): string[] {
  if (rest === "") return [];
  const value = parseJson(rest);
  return Array.isArray(value) ? value.map(String) : [];
}

function readLogs(text: string): string[] {
  const lines = parseJson(`[${text}]`);
  return Array.isArray(lines) ? cleanLines(lines.map(String), MAX_LOG_BYTES) : [];
}

function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

function megabytes(bytes: number): string {
  return count(Math.round(bytes / 1024 / 1024));
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
