import type { ExecuteCommand } from "@millrace/engine";
import type { RestatePromise } from "@restatedev/restate-sdk";
import type { CalledBefore, HostedAttempt } from "#runtime/restate/hosted-attempt";
import type { Logged, Outcome, Spoken } from "#runtime/restate/words";

// What of a run is under way in the engine, and what comes of it.

export type Completed =
  | { readonly done: "attempt"; readonly key: string; readonly outcome: Logged<Outcome> }
  /** The run that an attempt waits for has ended, or is late. */
  | { readonly done: "called"; readonly key: string; readonly before: CalledBefore }
  | { readonly done: "timer"; readonly key: string; readonly until: number }
  | { readonly done: "message"; readonly key: string; readonly spoken: Spoken }
  | { readonly done: "turn"; readonly key: string; readonly isHeld: boolean }
  | { readonly done: "journal"; readonly key: string };

export interface Operation {
  readonly promise: RestatePromise<Completed>;
  /** null: it carries out no attempt. */
  readonly attempt: HostedAttempt | null;
  /** Run that the attempt waits for, in nobody's memory. */
  readonly waitsFor?: string;
  /** Entries of the journal that are durable once it completes; null: it writes none. */
  carries: number | null;
}

export function completing<T>(promise: RestatePromise<T>, make: (value: T) => Completed): RestatePromise<Completed> {
  return promise.map((value, failure) => {
    if (failure) throw failure;
    return make(value as T);
  });
}

/** Of an attempt: no other operation of its run has it. */
export function keyOf({ path, attempt }: ExecuteCommand): string {
  return `${path}#${attempt}`;
}
