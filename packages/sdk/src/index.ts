export { Client, type ClientOptions } from "#client";
export {
  ApiError,
  AuthError,
  ConflictError,
  NotFoundError,
  OverloadError,
  RateLimitError,
  RunFailedError,
  UnsupportedByServerError,
  ValidationError,
  WaitTimeoutError,
  WebhookVerificationError,
} from "#errors";
export type { EventsOptions } from "#events";
export { RunHandle, type SentSignal, type WaitOptions } from "#run-handle";
export { RunStream } from "#run-stream";
export type { ListOptions, ReplayOptions, RunOptions, Runs } from "#runs";
export { type VerifyOptions, verifyWebhook, type WebhookHeaders } from "#webhooks";
export type * from "#wire";
export { type InvokeOptions, type StartOptions, Workflow } from "#workflow";
// With a star, so that a project can add to the interface in it.
export * from "#workflows";
