import type { ExecuteCommand } from "@millrace/engine";
import { type RestatePromise, type Serde, serde, type WorkflowContext } from "@restatedev/restate-sdk";
import type { NextLife } from "#runtime/restate/cut-off-lives";
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
  /** It comes from outside, whether or not a life of the run is in anybody's memory. */
  readonly isWait?: true;
  /** It completes soon: as a last resort, by saying that it is not over. */
  readonly isBrief?: boolean;
  /** To be told once the engine has recorded what came of the attempt. */
  readonly suspect?: NextLife | null;
  /** Entries of the journal that are durable once it completes; null: it writes none. */
  carries: number | null;
}

/** What the action comes to, as the engine records it. */
export function recorded<T>(
  context: WorkflowContext,
  name: string,
  action: () => Promise<T>,
  make: (value: T) => Completed,
): RestatePromise<Completed> {
  return context.run(name, action as () => Promise<T | Completed>, { serde: readAs(make) }) as RestatePromise<Completed>;
}

/** What the run's promise of this name is resolved with. */
export function promised<T>(context: WorkflowContext, name: string, make: (value: T) => Completed): RestatePromise<Completed> {
  return context.promise(name, readAs(make)).get() as RestatePromise<Completed>;
}

/** Read like this, and not mapped: the engine's library looks at every promise that is waited for in each turn, and at those around it. */
function readAs<T>(make: (value: T) => Completed): Serde<T | Completed> {
  const { json } = serde;
  return {
    contentType: json.contentType,
    serialize: (value) => json.serialize(value),
    deserialize: (bytes) => make(json.deserialize(bytes) as T),
  };
}

/** What has no value of its own, or none that is read here. */
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
