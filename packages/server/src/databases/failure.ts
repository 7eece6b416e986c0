import { RetryableError, TerminalError } from "@millrace/engine";

const MAX_CHARACTERS = 1_000;

/** What a database says of itself, cut to what a person reads. */
function shown(message: string): string {
  return message.length > MAX_CHARACTERS ? `${message.slice(0, MAX_CHARACTERS)}…` : message;
}

/** The database refused the statement. */
export function refused(message: string): TerminalError {
  return new TerminalError("database_error", `The database refused the statement: ${shown(message)}`);
}

/** Nothing came of it, and it may succeed the next time. */
export function passing(message: string): RetryableError {
  return new RetryableError("database_error", shown(message));
}

export function denied(message: string): TerminalError {
  return new TerminalError("database_denied", shown(message));
}

/** What a statement on a connection that is read-only would have needed. */
export const HOW_TO_WRITE = "let its connection be written: millrace connections set NAME --setting writable=true";

export function tooLarge(bytes: number): TerminalError {
  return new TerminalError("database_error", `The answer of the database is larger than ${bytes} bytes: ask for fewer rows or columns.`);
}

export function tooLong(ms: number): TerminalError {
  return new TerminalError("database_error", `The statement took longer than ${ms} ms, and was stopped.`);
}
