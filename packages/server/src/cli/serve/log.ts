import pino from "pino";
import type { Settings } from "#config/settings";
import type { Logger } from "#log";

const OPTIONS: pino.LoggerOptions = { base: null, formatters: { level: (level) => ({ level }) } };

/** One line of JSON an event, on stdout: what collects logs reads it there. */
export function jsonLog(level: Settings["logLevel"]): Logger {
  return pino({ ...OPTIONS, level }, process.stdout);
}

/** For a person at a terminal, on stderr: what happened, and what it was about. */
export function humanLog(level: Settings["logLevel"]): Logger {
  return pino({ ...OPTIONS, level }, { write: (line: string) => void process.stderr.write(humanLine(line)) });
}

function humanLine(line: string): string {
  const { level, time: _time, msg, err, ...fields } = JSON.parse(line) as { [name: string]: unknown; err?: { message?: string } };
  const about = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const cause = err?.message === undefined ? "" : `: ${err.message}`;
  return `  ${String(level)}: ${String(msg)}${cause}${about.length > 0 ? `  (${about.join(" ")})` : ""}\n`;
}
