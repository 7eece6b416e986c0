import type { Logger as PinoLogger } from "pino";

/** Structured log; fields first, then a fixed sentence. Never a key, a secret or a user's value. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error">;
