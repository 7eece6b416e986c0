import { statSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "#doctor/check";

/** No machine that runs this release has an earlier time. */
const RELEASED_AT = Date.UTC(2025, 0, 1);

/** Clocks of a network agree better than this. */
const TOLERANCE_MS = 300_000;

/** Ids and timers are made of the time: a clock that stands still or has been set back breaks their order. */
export const checkClock: Check = ({ now, settings: { dataDir } }) => {
  const fix = "set the clock of this machine, by NTP";
  if (now < RELEASED_AT) return { problem: `the clock says ${new Date(now).toISOString()}`, fix };
  const writtenAt = statSync(join(dataDir, "millrace.db"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (writtenAt <= now + TOLERANCE_MS) return null;
  return {
    problem: `the database was written at ${new Date(writtenAt).toISOString()}, and the clock says ${new Date(now).toISOString()}`,
    fix,
  };
};
