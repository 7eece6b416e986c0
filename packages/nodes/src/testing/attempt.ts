import type { Capabilities, EffectContext } from "#kit/executor";
import { onceOver } from "#testing/once";

/** The first attempt of a node, with these capabilities, and what else a test says of it. */
export function attemptWith(capabilities: Capabilities, more: Partial<EffectContext> = {}): EffectContext {
  return {
    runId: "r",
    path: "n",
    inputs: {},
    startValues: {},
    maxIterations: 1,
    attempt: 1,
    idempotencyKey: "r:n",
    signal: new AbortController().signal,
    timeoutMs: null,
    capabilities,
    show: () => undefined,
    once: onceOver(capabilities, "r:n"),
    ...more,
  };
}
