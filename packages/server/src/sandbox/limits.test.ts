import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createSandbox } from "#sandbox/create-sandbox";
import { MAX_INPUT_BYTES, MAX_LOG_BYTES, MAX_LOG_WRITTEN, MAX_MESSAGE_CHARS, MAX_RESULT_BYTES, MAX_RESULT_DEPTH } from "#sandbox/limits";
import { SandboxError } from "#sandbox/sandbox-error";
import { failureOf, runCode } from "#sandbox/testing/run-code";

const sandbox = createSandbox({ poolSize: 1 });
after(() => sandbox.close());

/** One byte for each quote, the rest is text. */
const QUOTES = 2;

describe("each limit, on both sides", () => {
  test("bytes of the result", async () => {
    const { value } = await runCode(sandbox, `return "x".repeat(${MAX_RESULT_BYTES - QUOTES})`);
    assert.equal(String(value).length, MAX_RESULT_BYTES - QUOTES);
    const failure = await failureOf(runCode(sandbox, `return "x".repeat(${MAX_RESULT_BYTES - QUOTES + 1})`));
    assert.deepEqual([failure.type, failure.message], ["limit_exceeded", "the result is larger than its limit of 1,000,000 bytes of JSON"]);
  });

  test("bytes, not characters", async () => {
    const half = (MAX_RESULT_BYTES - QUOTES) / 2;
    assert.equal(String((await runCode(sandbox, `return "é".repeat(${half})`)).value).length, half);
    assert.equal((await failureOf(runCode(sandbox, `return "é".repeat(${half + 1})`))).type, "limit_exceeded");
  });

  test("nesting of the result", async () => {
    const nested = (depth: number) => runCode(sandbox, `let a = 1; for (let i = 0; i < ${depth}; i++) a = [a]; return a`);
    assert.ok(Array.isArray((await nested(MAX_RESULT_DEPTH)).value));
    assert.match((await failureOf(nested(MAX_RESULT_DEPTH + 1))).message, /nested deeper than 100 levels/);
  });

  test("bytes of the inputs", async () => {
    const overhead = '{"s":""}'.length;
    const sized = (bytes: number) => runCode(sandbox, "return inputs.s.length", { s: "x".repeat(bytes - overhead) });
    assert.equal((await sized(MAX_INPUT_BYTES)).value, MAX_INPUT_BYTES - overhead);
    const failure = await failureOf(sized(MAX_INPUT_BYTES + 1));
    assert.deepEqual(
      [failure.type, failure.message],
      ["limit_exceeded", "the inputs of the code are larger than their limit of 16 MiB of JSON"],
    );
  });

  test("console output that is kept", async () => {
    const prefix = "log ".length;
    const lines = (chars: number) => runCode(sandbox, `console.log("x".repeat(${chars - prefix})); return 1`);
    assert.equal((await lines(MAX_LOG_BYTES)).logs.length, 1);
    const { value, logs } = await lines(MAX_LOG_BYTES + 1);
    assert.deepEqual([value, logs.length, logs[0]?.length], [1, 2, MAX_LOG_BYTES]);
    assert.match(logs[1] ?? "", /cut here: at most 64 KiB/);
    assert.equal((await runCode(sandbox, "for (let i = 0; i < 1000; i++) console.log('x'.repeat(1000)); return 2")).logs.length, 67);
  });

  test("console output at all; a program that catches the error fails all the same", async () => {
    const write = (chars: number) =>
      runCode(sandbox, `for (let i = 0; i < ${chars / 1_024}; i++) { try { console.log("x".repeat(1020)) } catch {} } return 1`);
    assert.equal((await write(MAX_LOG_WRITTEN)).value, 1);
    const failure = await failureOf(write(MAX_LOG_WRITTEN + 1_024));
    assert.deepEqual(
      [failure.type, failure.message],
      ["limit_exceeded", "the code wrote more console output than its limit of 1,048,576 characters"],
    );
  });

  test("characters of an error's message", async () => {
    const fixed = "Error: ".length + " (line 1)".length;
    const message = async (chars: number) => (await failureOf(runCode(sandbox, `throw new Error("x".repeat(${chars}))`))).message;
    assert.match(await message(MAX_MESSAGE_CHARS - fixed), /^Error: x+ \(line 1\)$/);
    assert.equal((await message(MAX_MESSAGE_CHARS - fixed)).length, MAX_MESSAGE_CHARS);
    assert.equal((await message(MAX_MESSAGE_CHARS - fixed + 1)).length, MAX_MESSAGE_CHARS);
    assert.equal((await message(20_000_000)).length, MAX_MESSAGE_CHARS);
  });

  test("frames of an error's stack", async () => {
    const failure = await failureOf(runCode(sandbox, "function f(n) { if (n === 0) throw new Error('x'); f(n - 1) }\nf(100)"));
    assert.ok(failure instanceof SandboxError);
    assert.equal(failure.frames.length, 50);
  });

  test("memory", async () => {
    const allocate = (mib: number, memoryBytes?: number) =>
      runCode(sandbox, `return new Uint8Array(${mib} * 1024 * 1024).fill(1).length`, {}, memoryBytes === undefined ? {} : { memoryBytes });
    assert.equal((await allocate(60)).value, 60 * 1024 * 1024);
    const failure = await failureOf(allocate(64));
    assert.deepEqual([failure.type, failure.message], ["code_memory", "the code needed more memory than its limit of 64 MiB"]);
    assert.equal((await allocate(6, 8 * 1024 * 1024)).value, 6 * 1024 * 1024);
    assert.equal((await failureOf(allocate(8, 8 * 1024 * 1024))).type, "code_memory");
    assert.equal((await allocate(200, 256 * 1024 * 1024)).value, 200 * 1024 * 1024);
  });

  test("a program that catches the lack of memory may go on", async () => {
    const code =
      "const keep = []; try { for (;;) keep.push(new Uint8Array(1e6)) } catch (e) { const n = keep.length; keep.length = 0; return [n > 50, e.message] }";
    assert.deepEqual((await runCode(sandbox, code)).value, [true, "out of memory"]);
  });

  test("time", async () => {
    const spin = (ms: number, timeoutMs: number) =>
      runCode(sandbox, `const end = Date.now() + ${ms}; while (Date.now() < end); return 1`, {}, { timeoutMs });
    assert.equal((await spin(50, 5_000)).value, 1);
    assert.equal((await failureOf(spin(5_000, 100))).type, "code_timeout");
  });

  test("stack: recursion of some depth works, also where the overflow is caught; without end it is an error", async () => {
    const recursion = (depth: number) => runCode(sandbox, `const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(${depth})`);
    assert.equal((await recursion(900)).value, 900);
    const caught = "let depth = 0; const f = () => { depth++; f() }; try { f() } catch (e) { return [e.message, depth > 900] }";
    assert.deepEqual((await runCode(sandbox, caught)).value, ["stack overflow", true]);
    assert.match((await failureOf(recursion(100_000))).message, /^stack overflow/);
  });
});
