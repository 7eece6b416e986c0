import { Cron } from "croner";

/**
 * When a cron expression falls due, by the wall clock of a time zone. An expression of fixed times (`30 2 * * *`) falls due once a day: a time
 * that a clock change skips at the first moment after the gap, one that it repeats the first time. One with `*` or a step in the minutes or
 * hours falls due as often as the clock shows such a time: never in a gap, twice where an hour comes twice.
 */
export class DueTimes {
  readonly #cron: Cron;

  /** Throws InvalidSchedule. */
  constructor(expression: string, timeZone: string) {
    assertTimeZone(timeZone);
    try {
      this.#cron = new Cron(expression, { mode: "5-part", timezone: timeZone, fixedTimeRule: "no-wildcard", paused: true });
    } catch (error) {
      throw new InvalidSchedule("cron", `${(error as Error).message.replace(/^CronPattern: /, "")}`);
    }
  }

  /** The first one after this moment; null: never again. */
  after(at: number): number | null {
    return this.#cron.nextRun(new Date(at))?.getTime() ?? null;
  }

  /** The first few after this moment. */
  next(count: number, at: number): readonly number[] {
    return this.#cron.nextRuns(count, new Date(at)).map((date) => date.getTime());
  }

  /** From `first`, which is one itself, up to this moment: the latest `most` of them, in order. */
  between(first: number, at: number, most: number): readonly number[] {
    // "Previous" leaves out the very moment that is asked for.
    const latest = this.#cron.previousRuns(most, new Date(at + 1)).map((date) => date.getTime());
    const passed = latest.filter((time) => time >= first).reverse();
    // The rules of a time zone may have changed since `first` was found: it is due all the same.
    return passed.length === 0 ? [first] : passed;
  }
}

/** What a schedule cannot be made of. */
export class InvalidSchedule extends Error {
  readonly member: "cron" | "timeZone";
  constructor(member: "cron" | "timeZone", reason: string) {
    super(reason);
    this.name = "InvalidSchedule";
    this.member = member;
  }
}

function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw new InvalidSchedule("timeZone", `"${timeZone}" is no IANA time zone; write Europe/Berlin, or UTC`);
  }
}
