/** May this stream be written to in colours? `--no-color` and NO_COLOR say no, FORCE_COLOR says yes, else a terminal is asked for. */
export function wantsColor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv, allowed: boolean): boolean {
  if (!allowed || (environment["NO_COLOR"] ?? "") !== "") return false;
  const forced = environment["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

const CODES = { red: 31, green: 32 } as const;

export type Color = keyof typeof CODES;

export function colored(text: string, color: Color): string {
  return `\u001b[${CODES[color]}m${text}\u001b[39m`;
}
