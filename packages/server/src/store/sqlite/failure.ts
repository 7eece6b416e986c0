import { StoreBusy, StoreClosed, StoreCorrupt, StoreFailed, StoreFull } from "#store/errors";

export interface SqliteError extends Error {
  /** Extended result code; the low byte is the primary one. */
  readonly errcode: number;
}

/** Primary result codes of SQLite. */
export const PRIMARY = { busy: 5, locked: 6, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 } as const;

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number";
}

export function primaryCode(error: SqliteError): number {
  return error.errcode & 0xff;
}

/** What an error of the database means for whoever wrote or read; errors of our own stay as they are. */
export function storeError(error: unknown): unknown {
  // A stored number that no double holds was never written by us.
  if (error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE") return new StoreCorrupt(error.message);
  if (error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE") return new StoreClosed();
  if (!isSqliteError(error)) return error;
  switch (primaryCode(error)) {
    case PRIMARY.full:
      return new StoreFull();
    case PRIMARY.busy:
    case PRIMARY.locked:
      return new StoreBusy();
    case PRIMARY.corrupt:
    case PRIMARY.notADatabase:
      return new StoreCorrupt(error.message);
    case PRIMARY.ioError:
      return new StoreFailed(error);
    default:
      return error;
  }
}

/** After these nothing more may be written: what the disk holds is known only after a new start. */
export function isFatal(error: unknown): error is StoreFailed | StoreCorrupt {
  return error instanceof StoreFailed || error instanceof StoreCorrupt;
}

/** Runs a read; errors of the database come out as the store's own. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storeError(error);
  }
}
