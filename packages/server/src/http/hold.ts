import type { Clock } from "#clock";
import type { Runtime } from "#runtime/runtime";
import type { RunContents } from "#store/store";

export interface HoldPorts {
  readonly runtime: Pick<Runtime, "whenEnded">;
  readonly clock: Clock;
  readonly settings: { readonly syncHoldMs: number };
  /** Aborted when the server stops. */
  readonly closing: AbortSignal;
}

/** A caller that waits for the end of a run. The run goes on either way: waiting owns nothing. */
export interface Hold {
  /** The run's end, or null once the hold is over. */
  readonly end: Promise<RunContents | null>;
  /** Nobody waits any more. */
  stop(): void;
}

/** From this moment on no end is missed. The hold is over early where the end cannot be written: its caller learns the id at least. */
export function hold({ runtime, clock, settings, closing }: HoldPorts, tenantId: string, runId: string): Hold {
  const { promise: end, resolve } = Promise.withResolvers<RunContents | null>();
  const release = (result: RunContents | null): void => {
    unlisten();
    stopTimer();
    closing.removeEventListener("abort", giveUp);
    resolve(result);
  };
  const giveUp = (): void => release(null);
  const unlisten = runtime.whenEnded(tenantId, runId, release, giveUp);
  const stopTimer = clock.at(clock.now() + settings.syncHoldMs, giveUp);
  closing.addEventListener("abort", giveUp, { once: true });
  if (closing.aborted) giveUp();
  return { end, stop: giveUp };
}
