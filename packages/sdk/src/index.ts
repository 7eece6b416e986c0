export type { RunEvent } from "@millrace/contract";
export {
  Client,
  type ClientOptions,
  type EndedRun,
  type InvokeOptions,
  type ReplayOptions,
  RunHandle,
  type StartOptions,
  type WaitOptions,
  Workflow,
} from "#client";
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
