/** What the exit status says; `help --json` prints this table. */
export const EXIT = {
  /** Done: also a run that was accepted, or that waits for a person or a timer. */
  ok: 0,
  /** Could not find out: network, 5xx, overload, internal. */
  unknown: 1,
  /** The call's words are off: command, flag, JSON, argument, environment value; or the server refused the input. */
  usage: 2,
  /** Found out, and the answer is no: a FAILED run, an invalid file, a failed check. */
  no: 3,
  /** Not authenticated, or the scope is missing. */
  auth: 4,
  notFound: 5,
  /** Unsupported Node, data newer than this build. */
  version: 6,
  /** Rate limited, or out of quota. */
  limited: 7,
  /** `--wait` is over; the run goes on. */
  timeout: 8,
  /** A revision changed, or a server already runs in this data directory. */
  conflict: 9,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Exit status for an HTTP status outside 2xx. */
export function exitOf(status: number): ExitCode {
  if (status === 400 || status === 405 || status === 413 || status === 422) return EXIT.usage;
  if (status === 401 || status === 403) return EXIT.auth;
  if (status === 404) return EXIT.notFound;
  if (status === 409) return EXIT.conflict;
  if (status === 402 || status === 429) return EXIT.limited;
  return EXIT.unknown;
}
