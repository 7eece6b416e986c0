/** What the exit status says; `help --json` prints this table. */
export const EXIT = {
  ok: 0,
  unknown: 1,
  usage: 2,
  no: 3,
  auth: 4,
  notFound: 5,
  version: 6,
  limited: 7,
  timeout: 8,
  conflict: 9,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

export const EXIT_MEANINGS: { readonly [Name in ExitName]: string } = {
  ok: "done; also a run that was accepted with --async, or that waits for a person or a timer",
  unknown: "could not find out: network, 5xx, overload, internal",
  usage: "usage: command, flag, argument, JSON, environment value; or the server refused the input",
  no: "found out, and the answer is no: a FAILED run, an invalid file, a failed check",
  auth: "not authenticated, or the scope is missing",
  notFound: "not found",
  version: "unsupported Node, or data newer than this build",
  limited: "rate limited, or out of quota",
  timeout: "the wait is over; the run goes on",
  conflict: "a revision changed, or a server already runs here",
  interrupted: "interrupted",
};

/** Exit status for an HTTP status outside 2xx. */
export function exitOf(status: number): ExitCode {
  if (status === 400 || status === 405 || status === 413 || status === 422) return EXIT.usage;
  if (status === 401 || status === 403) return EXIT.auth;
  if (status === 404) return EXIT.notFound;
  if (status === 409) return EXIT.conflict;
  if (status === 402 || status === 429) return EXIT.limited;
  return EXIT.unknown;
}
