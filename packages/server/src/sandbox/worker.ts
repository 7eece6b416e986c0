import { readFileSync, readSync, writeSync } from "node:fs";
import { type Answer, Runner } from "#sandbox/engine/runner";
import { Templates } from "#sandbox/engine/templates";
import {
  ANSWER_HEADER_BYTES,
  CHANNEL,
  OPERATION_LOAD,
  OPERATION_LOAD_TEMPLATE,
  REQUEST_HEADER_BYTES,
  type RequestHeader,
  readRequestHeader,
  STATUS,
} from "#sandbox/protocol";

/**
 * The program of a sandbox process: reads requests, runs them one after another, writes each answer before the next call starts, so that
 * the server always knows which call is running. It blocks on the pipe; it ends when the pipe ends, and after the first answer that is not
 * healthy.
 */

const FIRST_BUFFER_BYTES = 256 * 1024;

class Requests {
  private buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
  private start = 0;
  private end = 0;

  /** Makes `bytes` bytes available and answers where they start. False at the end of the pipe. */
  private fill(bytes: number): boolean {
    while (this.end - this.start < bytes) {
      this.makeRoom(bytes);
      const count = readSync(CHANNEL, this.buffer, this.end, this.buffer.length - this.end, null);
      if (count === 0) return false;
      this.end += count;
    }
    return true;
  }

  private makeRoom(bytes: number): void {
    if (this.start === this.end) this.start = this.end = 0;
    if (this.start + bytes <= this.buffer.length) return;
    const target = bytes <= this.buffer.length ? this.buffer : Buffer.allocUnsafe(bytes);
    this.buffer.copy(target, 0, this.start, this.end);
    this.buffer = target;
    this.end -= this.start;
    this.start = 0;
  }

  next(): { header: RequestHeader; body: Buffer } | undefined {
    if (!this.fill(REQUEST_HEADER_BYTES)) return undefined;
    const header = readRequestHeader(this.buffer, this.start);
    if (!this.fill(REQUEST_HEADER_BYTES + header.bodyBytes)) return undefined;
    const from = this.start + REQUEST_HEADER_BYTES;
    this.start = from + header.bodyBytes;
    return { header, body: this.buffer.subarray(from, this.start) };
  }
}

let frame = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);

function write({ status, isHealthy, body }: Answer): void {
  const length = ANSWER_HEADER_BYTES + body.length;
  if (frame.length < length) frame = Buffer.allocUnsafe(length);
  frame.writeUInt32LE(body.length, 0);
  frame[4] = status;
  frame[5] = isHealthy ? 1 : 0;
  frame.set(body, ANSWER_HEADER_BYTES);
  for (let sent = 0; sent < length; ) sent += writeSync(CHANNEL, frame, sent, length - sent);
}

function serve(runner: Runner, templates: Templates): void {
  const requests = new Requests();
  for (let request = requests.next(); request !== undefined; request = requests.next()) {
    const { header, body } = request;
    if (header.operation === OPERATION_LOAD) {
      templates.drop(header.slot);
      runner.load(header.slot, Uint8Array.from(body));
      continue;
    }
    if (header.operation === OPERATION_LOAD_TEMPLATE) {
      templates.load(header.slot, body);
      continue;
    }
    const { slot, timeoutMs, memoryBytes } = header;
    const isTemplate = templates.has(slot);
    const answer = isTemplate ? templates.run(slot, body) : runner.run({ slot, inputs: body, timeoutMs, memoryBytes });
    write(answer);
    if (!answer.isHealthy) return;
    if (!isTemplate) runner.clean();
  }
}

// Dates of the guest are in UTC on every machine.
process.env["TZ"] = "UTC";
const [, , engineFile = "", templateEngineFile = ""] = process.argv;
const runner = await Runner.start(readFileSync(engineFile));
write({ status: STATUS.ready, isHealthy: true, body: new Uint8Array() });
serve(runner, new Templates(() => readFileSync(templateEngineFile)));
process.exit(0);
