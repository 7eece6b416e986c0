import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { describe, test } from "node:test";
import { humanLog, jsonLog } from "#cli/serve/log";
import { MAX_BACKLOG_BYTES } from "#cli/serve/log-pipe";

/** A reader that takes what it is given only when it is told to. */
class Reader extends Writable {
  text = "";
  #waiting: (() => void) | null = null;
  #reads: boolean;

  constructor({ reads }: { reads: boolean }) {
    super({ decodeStrings: false });
    this.#reads = reads;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    const take = () => {
      this.text += chunk;
      done();
    };
    if (this.#reads) take();
    else this.#waiting = take;
  }

  read(): void {
    this.#reads = true;
    this.#waiting?.();
  }

  lines(): Record<string, unknown>[] {
    return this.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

describe("what is written", () => {
  const KEY = `mr_${"k".repeat(40)}`;

  test("secrets are masked by their form, wherever they stand", () => {
    for (const secret of [
      KEY,
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "Bearer abcdefgh",
      "Basic dXNlcjpwYXNz",
      "https://user:hunter2@host/",
    ]) {
      for (const make of [jsonLog, humanLog]) {
        const reader = new Reader({ reads: true });
        const { log } = make("info", reader);
        log.warn({ about: secret, list: [secret] }, `a message of ${secret}`);
        log.error({ err: new Error(`first line\n${secret}`) }, "it failed");
        const [told = ""] = /[^ ]+$/.exec(secret.replace("https://", "").replace("@host/", "")) ?? [];
        assert.ok(!reader.text.includes(told), reader.text);
        assert.match(reader.text, /\*\*\*/);
      }
    }
  });

  test("an event is one line, whatever its text", () => {
    const hostile = 'a\nb\r\u001b[31m\u009b31m\u0085\u2028\u2029\u007f"c"';
    const json = new Reader({ reads: true });
    jsonLog("info", json).log.warn({ about: hostile, err: new Error(hostile) }, hostile);
    assert.doesNotMatch(json.text.trimEnd(), /[\p{Cc}\u2028\u2029]/u);
    const [line] = json.lines();
    assert.deepEqual([line?.["msg"], line?.["about"]], [hostile, hostile], "a program reads what was there");
    const human = new Reader({ reads: true });
    humanLog("info", human).log.warn({ about: hostile, err: new Error(hostile) }, hostile);
    assert.doesNotMatch(human.text.trimEnd(), /[\p{Cc}\u2028\u2029]/u);
    assert.match(human.text, /^ {2}warn: a\\x0ab\\x0d\\x1b\[31m\\x9b31m/);
  });

  test("for a person: level, sentence, cause, fields", () => {
    const reader = new Reader({ reads: true });
    humanLog("info", reader).log.error({ err: new Error("no luck"), workflowRunId: "r-1", ms: 1.23456 }, "it failed");
    assert.equal(reader.text, "  error: it failed: no luck  (workflowRunId=r-1 ms=1.23)\n");
  });
});

describe("nobody reads", () => {
  test("the log keeps no more than its bound, and tells how much is missing", () => {
    const reader = new Reader({ reads: false });
    const { log } = jsonLog("info", reader);
    const sentence = "x".repeat(10_000);
    for (let n = 0; n < 1_000; n++) log.info({ n }, sentence);
    assert.ok(reader.writableLength <= MAX_BACKLOG_BYTES && reader.writableLength > MAX_BACKLOG_BYTES - 11_000, `${reader.writableLength}`);
    reader.read();
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        const lines = reader.lines();
        const { lines: dropped, msg } = lines.at(-1) ?? {};
        assert.deepEqual([Number(dropped) + lines.length - 1, msg], [1_000, "log lines were dropped, because nobody read them"]);
        log.info({}, "it goes on");
        assert.equal(reader.lines().at(-1)?.["msg"], "it goes on");
        resolve();
      });
    });
  });

  test("a reader that is gone takes nothing with it", async () => {
    const reader = new Reader({ reads: true });
    const lines = jsonLog("info", reader);
    reader.destroy(new Error("EPIPE"));
    await new Promise((resolve) => reader.once("close", resolve));
    lines.log.error({}, "nobody hears");
    assert.equal(await lines.end(), false);
  });

  test("all that was written is read before the end", async () => {
    const reader = new Reader({ reads: false });
    const lines = jsonLog("info", reader);
    lines.log.info({}, "last words");
    const ended = lines.end();
    reader.read();
    assert.equal(await ended, true);
    assert.equal(reader.lines()[0]?.["msg"], "last words");
  });
});
