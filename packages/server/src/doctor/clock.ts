import { statSync } from "node:fs";
import { join } from "node:path";
import type { Check, Finding } from "#doctor/check";
import { askPostgres } from "#doctor/postgres";

/** No machine that runs this release has an earlier time. */
const RELEASED_AT = Date.UTC(2025, 0, 1);

/** Clocks of a network agree better than this. */
const TOLERANCE_MS = 300_000;

/** Of processes that share a database: what one has due, another sees to. The check itself takes some seconds of it. */
const SHARED_TOLERANCE_MS = 60_000;

/** Ids and timers are made of the time: a clock that stands still or has been set back breaks their order. */
export const checkClock: Check = async ({ now, settings: { dataDir, databaseUrl } }) => {
  const fix = "set the clock of this machine, by NTP";
  if (now < RELEASED_AT) return { problem: `the clock says ${new Date(now).toISOString()}`, fix };
  if (databaseUrl !== null) return besideDatabase(databaseUrl, now, fix);
  const writtenAt = statSync(join(dataDir, "millrace.db"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (writtenAt <= now + TOLERANCE_MS) return null;
  return {
    problem: `the database was written at ${new Date(writtenAt).toISOString()}, and the clock says ${new Date(now).toISOString()}`,
    fix,
  };
};

/** Where the database does not answer, that is another check's. */
async function besideDatabase(url: string, now: number, fix: string): Promise<Finding> {
  const row = await askPostgres(url, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS now").catch(
    () => undefined,
  );
  const there = Number(row?.["now"] ?? now);
  if (Math.abs(there - now) <= SHARED_TOLERANCE_MS) return null;
  return { problem: `the clock says ${new Date(now).toISOString()}, that of the database ${new Date(there).toISOString()}`, fix };
}
