import type { Form } from "../forms/forms.ts";

/** How much a check tries: every change runs the small form, a release the long one. The same seed tries the same things. */
export interface Effort {
  readonly long: boolean;
  readonly seed: number;
  /** What has not begun after so many minutes is cut. */
  readonly minutes?: number;
  /** `--runs=500`: that many, of a check whose number is not fixed. */
  readonly runs?: number;
  /** Of the servers; absent: one process on SQLite. */
  readonly form?: Form;
}

/** What failed, of what was tried; more than none fails the check, and so does having tried nothing. */
export interface Count {
  /** Completes "0 … of 7,714 …". */
  readonly what: string;
  readonly failed: number;
  readonly of: number;
  readonly tried: string;
}

/** What clients asked of the server: a server that refuses everything loses nothing, and proves nothing. */
export interface Operations {
  readonly ok: number;
  readonly failed: number;
  /** Reset or timed out: the client cannot know. */
  readonly unknown: number;
}

export interface Outcome {
  readonly counts: readonly Count[];
  /** What else was measured, for the reader; nothing is decided by it. */
  readonly facts?: { readonly [name: string]: string | number };
  readonly operations?: Operations;
  /** Failures in words, the first few; each with what reproduces it. */
  readonly failures?: readonly string[];
}

/** One promise and the check behind it. */
export interface Check {
  readonly id: string;
  /** The promise, in one sentence. */
  readonly property: string;
  /** It looks where only this system lets it look; elsewhere it is skipped, and says so. */
  readonly needs?: NodeJS.Platform;
  /** Why it cannot be tried here, where a tool or a permission is missing; null: it can. */
  missing?(): string | null;
  /** Forms of the server that it says nothing of, each with the reason: on them it is skipped. */
  readonly notOn?: { readonly [form in Form]?: string };
  /** It decides by how long something took: nothing may run beside it. */
  readonly timed?: boolean;
  /** Most of its time passes while it waits for something: others may run beside it. */
  readonly waits?: boolean;
  run(effort: Effort): Promise<Outcome>;
}

/** Of a check that tries several things. */
export function together(...outcomes: readonly Outcome[]): Outcome {
  return {
    counts: outcomes.flatMap(({ counts }) => counts),
    facts: Object.assign({}, ...outcomes.map(({ facts }) => facts)) as NonNullable<Outcome["facts"]>,
    failures: outcomes.flatMap(({ failures = [] }) => failures),
  };
}

/** Failures that a report spells out. */
const SHOWN_FAILURES = 5;

/** Counts attempts, and keeps the first failures in words. */
export class Tally {
  readonly failures: string[] = [];
  tried = 0;
  failed = 0;

  /** One attempt; `failure` says what went wrong, null that nothing did. */
  add(failure: string | null): void {
    this.tried += 1;
    if (failure === null) return;
    this.failed += 1;
    if (this.failures.length < SHOWN_FAILURES) this.failures.push(failure);
  }

  /** What another one counted, too. */
  take(other: Tally): void {
    this.tried += other.tried;
    this.failed += other.failed;
    this.failures.push(...other.failures.slice(0, SHOWN_FAILURES - this.failures.length));
  }

  count(what: string, tried: string): Count {
    return { what, failed: this.failed, of: this.tried, tried };
  }
}
