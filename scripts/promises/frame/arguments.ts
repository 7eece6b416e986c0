import { FORMS, type Form } from "../forms/forms.ts";

export interface PromiseArguments {
  readonly long: boolean;
  /** Put the figures into PROMISES.md. */
  readonly write: boolean;
  readonly seed: number;
  /** No check begins after so many minutes; absent: all do. */
  readonly minutes?: number;
  /** Runs of a check whose number is not fixed; absent: as many as its form has. */
  readonly runs?: number;
  /** Of the servers; absent: one process on SQLite. */
  readonly form?: Form;
  /** Promises to check; none: all. */
  readonly ids: readonly string[];
}

/** The seed of a run that names none: every change tries the same things, a long run new ones. */
const FIXED_SEED = 20_261_127;

export function parseArguments(argv: readonly string[], now: number): PromiseArguments {
  const options = argv.filter((argument) => argument.startsWith("-"));
  const given = options.find((option) => /^--seed=\d+$/.test(option));
  const bound = options.find((option) => /^--minutes=\d+$/.test(option));
  const amount = options.find((option) => /^--runs=[1-9]\d*$/.test(option));
  const form = FORMS.find((name) => options.includes(`--form=${name}`));
  const unknown = options.find((option) => !["--long", "--write", given, bound, amount, form && `--form=${form}`].includes(option));
  if (unknown !== undefined)
    throw new Error(
      `unknown option ${unknown}; known are --long, --write, --form=${FORMS.join("|")}, --minutes=NUMBER, --runs=NUMBER and --seed=NUMBER`,
    );
  const long = options.includes("--long");
  const ids = argv.filter((argument) => !argument.startsWith("-"));
  const write = options.includes("--write");
  if (write && !long && (ids.length > 0 || bound !== undefined || amount !== undefined))
    throw new Error(
      "--write takes the figures of a whole run: name no promises, no minutes and no runs; only those of a long run may be pieces",
    );
  if (write && long && form !== undefined) throw new Error("the table of long runs is of servers on SQLite: leave --form away, or --write");
  const seed = given === undefined ? (long ? now % 1_000_000_000 : FIXED_SEED) : Number(given.slice("--seed=".length));
  return { long, write, seed, ids, ...(form && { form }), ...numberOf("minutes", bound), ...numberOf("runs", amount) };
}

function numberOf(name: string, option: string | undefined): { readonly [name: string]: number } {
  return option === undefined ? {} : { [name]: Number(option.split("=")[1]) };
}
