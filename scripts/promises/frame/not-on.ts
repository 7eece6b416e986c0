import type { Check } from "./check.ts";

type NotOn = NonNullable<Check["notOn"]>;

/** Of checks whose subject is not there on another form. */
const onNeither = (reason: string): NotOn => ({ postgres: reason, restate: reason });

export const OF_THE_FILE = onNeither("it is of the file in which SQLite keeps the data; a database server looks after its own");

export const OF_ONE_PROCESS = onNeither("there, several processes have the same data; `npm run scale -- frozen` stops one of them");

export const OF_ONE_START = {
  postgres:
    "there, others take over the runs of processes that died, once their lease is over; R1 kills them, and `npm run scale -- postgres`",
  restate: "there, the engine has all of them; R1 kills the processes, and `npm run scale -- kills`",
} satisfies NotOn;

export const OF_THE_INTERPRETER = onNeither("it is of the interpreter alone, which is the same on every form");

export const OF_AN_EMPTY_ENVIRONMENT = onNeither("an empty environment names no database");
