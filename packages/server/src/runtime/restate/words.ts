import type { Json } from "@millrace/contract";
import type { Answer, Directive, NodeError, RecordedStep, Usage } from "@millrace/engine";
import type { WorkflowSharedContext } from "@restatedev/restate-sdk";
import type { AuditRow } from "#deed";
import type { HostedLimits } from "#runtime/restate/hosted-limits";
import type { SetApart } from "#store/shared-store";
import type { RunContents } from "#store/store";

// What goes through the engine and stays in its log: every word of it is read again by later versions.

/**
 * A promise of the run that is kept at the end of one that was called, or by whoever asks something of a run and finds that it has ended:
 * nothing is heard any more.
 */
export const CLOSED = "closed";

/** State of the run: the place of the next message. */
export const TOLD = "told";

/** The promise of the message at a place. */
export function told(place: number): string {
  return `told ${place}`;
}

export function replyTo(place: number): string {
  return `reply ${place}`;
}

/** What a run asks of one that it has called: true once that has ended, false at the moment given (epoch ms). */
export interface CalledRunHandlers {
  whenEnded(context: WorkflowSharedContext, until: number | null): Promise<boolean>;
}

/** A run as the engine is given it; what it is about is in the store. */
export interface Submission {
  readonly tenantId: string;
  readonly runId: string;
  /** Of its journal, when it was accepted. */
  readonly entries: number;
  /** Absent: begun by a version that did not write them. */
  readonly limits?: HostedLimits;
}

/** How a run ended, for whoever waits for that. */
export interface Ended {
  readonly tenantId: string;
  readonly runId: string;
  /** Absent: it is to be read from the store. */
  readonly end?: RunContents;
}

/** Of it what is large lies in the store, and is found there by its content. */
export interface Apart {
  readonly apart: SetApart;
}

/** As it goes through the engine. */
export type Logged<T> = T | Apart;

/** What somebody asks of a run, at a moment (epoch ms). `row`: of the audit log; it goes into the commit of what comes of it. */
export type Message = { readonly at: number; readonly row?: AuditRow } & (
  | { readonly ask: "cancel"; readonly reason?: string }
  /** It may be its turn under the limit of its workflow. */
  | { readonly ask: "turn" }
  | { readonly ask: "signal"; readonly name: string; readonly value: Json; readonly id?: string }
  | { readonly ask: "answer"; readonly seq: number; readonly answer: Answer }
);

/** Several that came together take one place, are heard in their order, and are answered together. */
export type Spoken = Logged<Message> | readonly Logged<Message>[];

export function severalIn(spoken: Spoken): readonly Logged<Message>[] {
  return Symbol.iterator in spoken ? spoken : [spoken];
}

/**
 * `taken`: it is in the journal, durably. `closed`: the run, or the question, takes none any more. `before`: this person has answered.
 * `full`: the run keeps as many signals as it may.
 */
export type Reply = "taken" | "closed" | "before" | "full";

/** To each that was spoken. */
export type Replies = Reply | readonly Reply[];

/**
 * What has come of an attempt at a moment (epoch ms). `again`: the moment when it began anew, because an earlier life of the run had left it
 * under way.
 */
export type Outcome = { readonly again?: number } & (
  | { readonly dropped: true }
  | Halfway
  | GivenUp
  /** It waits for another run, since this moment, and needs nobody for that. */
  | { readonly waitsFor: string; readonly since: number }
  | (AttemptCost & { readonly directive: Directive })
  | (AttemptCost & { readonly error: NodeError })
);

/** What becomes an entry. */
export type Settled = Exclude<Outcome, { readonly dropped: true } | Halfway | GivenUp | { readonly waitsFor: string }>;

/** It was not carried out: so many processes have died of it, or of what else of the run was under way with it. */
export interface GivenUp {
  readonly deaths: number;
  readonly at: number;
}

/** Steps of an attempt that are to be kept before it goes on, whatever becomes of it. None: it is not over as soon as was hoped. */
export interface Halfway {
  readonly goesOn: true;
  readonly at: number;
  readonly steps: readonly RecordedStep[];
}

interface AttemptCost {
  readonly at: number;
  readonly usage: readonly Usage[];
  /** What the attempt did that no other one is to do again. */
  readonly steps: readonly RecordedStep[];
}
