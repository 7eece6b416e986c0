export type { NodeDeltaEvent, RunEvent } from "@millrace/contract";
export { Client, type ClientOptions, type InvokeOptions, type ReplayOptions, type StartOptions, Workflow } from "#client";
export {
  ApiError,
  AuthError,
  ConflictError,
  NotFoundError,
  OverloadError,
  RateLimitError,
  RunFailedError,
  ValidationError,
  WaitTimeoutError,
} from "#errors";
export type { EventsOptions } from "#events";
export { type EndedRun, RunHandle, type WaitOptions } from "#run-handle";
export { RunStream } from "#run-stream";
