import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

interface TestEvent {
  readonly type: string;
  readonly data: { readonly nesting?: number; readonly file?: string; readonly message?: string; readonly duration_ms?: number };
}

/** Seconds of every file, the slowest first: where the gate's time goes. */
const DURATIONS = (process.env["TEST_REPORT"] ?? "reports/tests.txt").replace("/tests", "/slow-files");

/** Failures in full, with what the file wrote to stderr, and the figures that tests print with `t.diagnostic`; last, node's closing counts. */
export default async function* compact(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts: string[] = [];
  const seconds = new Map<string, number>();
  yield* Readable.from(shown(timed(untilSilent(events), seconds), counts)).pipe(new spec());
  writeFileSync(DURATIONS, slowestFirst(seconds));
  yield `\n${counts.map((count) => `ℹ ${count}\n`).join("")}`;
}

async function* shown(events: AsyncIterable<TestEvent>, counts: string[]): AsyncGenerator<TestEvent> {
  const stderr = new Map<string, TestEvent[]>();
  for await (const event of events) {
    // Node names a file by its full path in some events, and as it was given in others.
    const file = resolve(event.data.file ?? "");
    if (isCount(event)) counts.push(event.data.message ?? "");
    else if (event.type === "test:stderr") stderr.set(file, [...(stderr.get(file) ?? []), event]);
    else if (event.type === "test:fail") {
      yield* stderr.get(file) ?? [];
      stderr.delete(file);
      yield event;
    } else if (event.type === "test:diagnostic" || event.type === "test:interrupted") yield event;
  }
}

/** Node sums up every file once it has ended. */
async function* timed(events: AsyncIterable<TestEvent>, seconds: Map<string, number>): AsyncGenerator<TestEvent> {
  for await (const event of events) {
    const { file, duration_ms } = event.data;
    if (event.type === "test:summary" && file !== undefined) seconds.set(relative("", file), (duration_ms ?? 0) / 1000);
    yield event;
  }
}

function slowestFirst(seconds: ReadonlyMap<string, number>): string {
  const lines = [...seconds].sort(([, a], [, b]) => b - a).map(([file, one]) => `${one.toFixed(1).padStart(7)} ${file}`);
  return `${lines.join("\n")}\n`;
}

/** The counts belong to the whole run: they name no file, as the diagnostics of a test do. */
function isCount({ type, data }: TestEvent): boolean {
  return type === "test:diagnostic" && data.nesting === 0 && data.file === undefined;
}

/**
 * Node's test timeout does not reach a file whose tests are done but which left a timer or a server open: it would hang for ever.
 * After TEST_SILENCE_MS without any event the runner is interrupted; it then names the files that were running, and fails.
 */
async function* untilSilent(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const silenceMs = Number(process.env["TEST_SILENCE_MS"]);
  if (!(silenceMs > 0)) throw new Error("TEST_SILENCE_MS must be a number of milliseconds above 0");
  const timer = setTimeout(() => process.kill(process.pid, "SIGTERM"), silenceMs);
  for await (const event of events) {
    timer.refresh();
    yield event;
  }
  clearTimeout(timer);
}
