import type { Json } from "@millrace/contract";
import { limitExceeded } from "#expression/errors";
import {
  BYTES_PER_ELEMENT,
  BYTES_PER_MEMBER,
  CHARACTERS_PER_STEP,
  DEFAULT_FUEL,
  DEFAULT_MAX_OUTPUT_BYTES,
  ELEMENTS_PER_STEP,
} from "#expression/limits";
import type { EvaluationContext } from "#expression/scope";

/** Counts the work of one evaluation, and holds what its functions may know. Every method throws when its limit is passed. */
export class Meter {
  readonly now: number;
  readonly seed: string;
  readonly maxOutputBytes: number;
  private readonly fuel: number;
  private fuelLeft: number;
  private outputLeft: number;
  private uuids = 0;

  constructor(context: Omit<EvaluationContext<unknown>, "env">) {
    this.now = context.now;
    this.seed = context.seed;
    this.fuel = context.fuel ?? DEFAULT_FUEL;
    this.maxOutputBytes = context.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
    this.fuelLeft = this.fuel;
    this.outputLeft = this.maxOutputBytes;
  }

  /** Fractions count: eight small things are one step. */
  step(steps: number): void {
    this.fuelLeft -= steps;
    if (this.fuelLeft < 0) {
      throw limitExceeded(
        "fuel",
        `The expression needs more than ${this.fuel} steps (limit "fuel"): work on less data, or use a code node.`,
      );
    }
  }

  /** Reading so many characters. */
  scan(characters: number): void {
    this.step(characters / CHARACTERS_PER_STEP);
  }

  /** Visiting so many elements or members. */
  visit(elements: number): void {
    this.step(elements / ELEMENTS_PER_STEP);
  }

  /** Making a text of so many characters; to be called before it is made. */
  text(characters: number): void {
    this.produce(characters);
    this.scan(characters);
  }

  /** Making a list of so many elements. */
  elements(count: number): void {
    this.produce(count * BYTES_PER_ELEMENT);
    this.visit(count);
  }

  /** Making an object of so many members. */
  members(count: number): void {
    this.produce(count * BYTES_PER_MEMBER);
    this.visit(count);
  }

  /**
   * Joining texts into one of `total` characters, of which `longest` are one part. Only the other parts count: the host shares the
   * longest, so that a text grown piece by piece costs its length and not its square. No single text may pass the limit.
   */
  join(total: number, longest: number): void {
    if (total > this.maxOutputBytes) throw this.outputExceeded();
    this.produce(total - longest + 1);
  }

  produce(bytes: number): void {
    this.outputLeft -= bytes;
    if (this.outputLeft < 0) throw this.outputExceeded();
  }

  outputExceeded(): Error {
    return limitExceeded(
      "output",
      `The expression produces more than ${this.maxOutputBytes} bytes (limit "output"): select less, or use a code node.`,
    );
  }

  /** 0, 1, 2, … within one evaluation. */
  nextUuid(): number {
    return this.uuids++;
  }
}

/** One evaluation: the meter, what references read, and the values of arrow parameters by slot. */
export class Run<Env> extends Meter {
  readonly env: Env;
  readonly locals: Json[] = [];

  constructor(context: EvaluationContext<Env>) {
    super(context);
    this.env = context.env;
  }
}
