import pg from "pg";
import { StoreBusy, StoreClosed, StoreFull, StoreUnreachable } from "#store/errors";

/** SQLSTATEs. */
const CODE = {
  uniqueViolation: "23505",
  serialization: "40001",
  deadlock: "40P01",
  diskFull: "53100",
  noMemory: "53200",
  canceled: "57014",
} as const;

/**
 * SQLSTATEs that say that the database is not there, is on its way out, or has ended the connection of a process that was frozen; or that it
 * takes no writes, as one that is no longer the first.
 */
const UNREACHABLE_STATE = /^(08|57P0|53300|25P03|25006)/;

/** Of a connection that broke, now or while it was made, and of one that was not there in time. */
const UNREACHABLE_MESSAGE = /^(Connection terminated|timeout (expired|exceeded))/;

/** Of a connection that had broken, or was closed, before it was asked. */
const UNSENT_MESSAGE = /^Client .* is not queryable$/;

/** What an error of the database means for whoever wrote or read; errors of our own stay as they are. */
export function storeError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    if (error.code === CODE.diskFull) return new StoreFull();
    if (isConflict(error)) return new StoreBusy("processes were in each other's way again and again; it may be tried again");
    if (error.code === CODE.canceled || error.code === CODE.noMemory) return new StoreBusy(`the database gave up: ${error.message}`);
    return UNREACHABLE_STATE.test(error.code ?? "") ? new StoreUnreachable(error.message) : error;
  }
  if (!(error instanceof Error)) return error;
  if (error.message === "Cannot use a pool after calling end on the pool") return new StoreClosed();
  return isOfNetwork(error) ? new StoreUnreachable(error.message) : error;
}

/** Two processes were in each other's way, and one of them is to begin anew: what it looked at has changed meanwhile. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === CODE.serialization || error.code === CODE.deadlock;
}

/** A row with this key is there: another process may have written it since this one looked, and a second look tells. */
export function isTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === CODE.uniqueViolation;
}

/** What was asked has never gone to the database, for the connection was gone already. */
export function isUnsent(error: unknown): boolean {
  return error instanceof Error && UNSENT_MESSAGE.test(error.message);
}

function isOfNetwork(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(ECONN|EPIPE|EHOST|ENET|ENOTFOUND|ETIMEDOUT|EAI_)/.test(code) || UNREACHABLE_MESSAGE.test(error.message) || isUnsent(error);
}
