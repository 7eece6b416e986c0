import type { Writable } from "node:stream";
import pino from "pino";
import { LogPipe } from "#cli/serve/log-pipe";
import { masked, printable } from "#cli/serve/masked";
import type { Settings } from "#config/settings";
import type { Logger } from "#log";

const OPTIONS: pino.LoggerOptions = { base: null, formatters: { level: (level) => ({ level }) }, serializers: { ms: hundredths } };

function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

const DROPPED = "log lines were dropped, because nobody read them";

/** The log of a server, from the first line to the last. */
export interface ServerLog {
  readonly log: Logger;
  /** False: nobody reads what was written last, and to wait for it would be to wait for ever. */
  end(): Promise<boolean>;
}

/** One line of JSON an event: what collects logs reads it there. */
export function jsonLog(level: Settings["logLevel"], stream: Writable = process.stdout): ServerLog {
  const pipe = new LogPipe(stream, (lines) => `${JSON.stringify({ level: "warn", time: Date.now(), lines, msg: DROPPED })}\n`);
  return serverLog(level, pipe, (line) => `${printable(masked(line.trimEnd()), jsonEscape)}\n`);
}

/** For a person at a terminal: what happened, and what it was about. */
export function humanLog(level: Settings["logLevel"], stream: Writable = process.stderr): ServerLog {
  const pipe = new LogPipe(stream, (lines) => `  warn: ${DROPPED}  (lines=${lines})\n`);
  return serverLog(level, pipe, humanLine);
}

function serverLog(level: Settings["logLevel"], pipe: LogPipe, form: (line: string) => string): ServerLog {
  const log = pino({ ...OPTIONS, level }, { write: (line: string) => pipe.write(form(line)) });
  return { log, end: () => pipe.end() };
}

function humanLine(line: string): string {
  const { level, time: _time, msg, err, ...fields } = JSON.parse(line) as { [name: string]: unknown; err?: { message?: string } };
  const about = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const cause = err?.message === undefined ? "" : `: ${err.message}`;
  const text = `${String(level)}: ${String(msg)}${cause}${about.length > 0 ? `  (${about.join(" ")})` : ""}`;
  return `  ${printable(masked(text), (code) => `\\x${code.toString(16).padStart(2, "0")}`)}\n`;
}

/** Only within a string can it stand. */
function jsonEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
