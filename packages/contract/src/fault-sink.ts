import { type Fault, makeFault, makeUnknownKeyFault, type Wording } from "#fault";
import type { Language } from "#language";
import { LIMITS } from "#limits";
import { nearestName } from "#nearest-name";
import type { Step } from "#pointer";

/** Where a check reports what it finds. The path is a stack that the check itself keeps, so that a good value allocates nothing. */
export interface Sink {
  /** Nothing that is added any more matters: loops may stop. */
  readonly full: boolean;
  readonly failed: boolean;
  enter(step: Step): void;
  leave(): void;
  add(code: string, expected: Wording, received: Wording): void;
  /** `declared`: the names among which the one that was meant is looked for. */
  addUnknownKey(key: string, declared: readonly string[]): void;
}

/** Unknown keys that get a suggestion: a body of thousands of them must not cost thousands of comparisons each. */
const SUGGESTIONS = 20;

/** Collects faults with their paths, `LIMITS.faults` at most. */
export class FaultSink implements Sink {
  readonly faults: Fault[] = [];
  readonly #language: Language;
  /** Path of the value that is being checked. */
  protected readonly steps: Step[];

  /** `steps`: path of the value that the check begins with. */
  constructor(language: Language, steps: readonly Step[] = []) {
    this.#language = language;
    this.steps = [...steps];
  }

  get full(): boolean {
    return this.faults.length >= LIMITS.faults.value;
  }

  get failed(): boolean {
    return this.faults.length > 0;
  }

  enter(step: Step): void {
    this.steps.push(step);
  }

  leave(): void {
    this.steps.pop();
  }

  add(code: string, expected: Wording, received: Wording): void {
    if (!this.full) this.faults.push(makeFault(this.steps, code, expected, received, this.#language));
  }

  addUnknownKey(key: string, declared: readonly string[]): void {
    if (this.full) return;
    const near = this.faults.length < SUGGESTIONS ? nearestName(key, declared) : null;
    this.faults.push(makeUnknownKeyFault([...this.steps, key], near, this.#language));
  }
}

/** Answers only whether there is a fault: for alternatives, of which most do not match. */
export class ProbeSink implements Sink {
  failed = false;

  get full(): boolean {
    return this.failed;
  }

  enter(): void {}

  leave(): void {}

  add(): void {
    this.failed = true;
  }

  addUnknownKey(): void {
    this.failed = true;
  }
}
