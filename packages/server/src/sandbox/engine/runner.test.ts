import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { BUILD } from "#sandbox/engine/build";
import { Engine } from "#sandbox/engine/engine";
import type { MemoryImage } from "#sandbox/engine/memory";
import { Runner } from "#sandbox/engine/runner";
import { DEFAULT_MEMORY_BYTES, SMALL_STACK_BYTES, STACK_BYTES } from "#sandbox/limits";
import { engineFile } from "#sandbox/locate";
import { STATUS } from "#sandbox/protocol";

// The engine runs in the test's own process here, with trusted programs only: nothing else can look at all of its memory.

const ENGINE = readFileSync(engineFile());

/** Programs that touch all that a program can touch: statics, heap, stack, job queue, allocator, growth. */
const BRUTAL = [
  "Object.prototype.polluted = 1; Array.prototype.push = 0; globalThis.leftover = 'x'.repeat(1000); return 1",
  "const keep = []; for (let i = 0; i < 20000; i++) keep.push({ i, text: 'k' + i }); globalThis.keep = keep; return keep.length",
  "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(150)",
  "for (let i = 0; i < 200; i++) { try { eval('(' .repeat(i)) } catch {} } return new RegExp('(a|b)*c').test('ab'.repeat(500))",
  "globalThis.big = new Uint8Array(9 * 1024 * 1024).fill(7); return big.length",
  "return [new Date().toString(), (12345.678).toLocaleString(), 'ß'.normalize('NFKD'), String(2n ** 5000n).length, parseFloat('1e300')]",
];

const call = (slot: number) => ({ slot, inputs: Buffer.from("{}"), timeoutMs: 10_000, memoryBytes: DEFAULT_MEMORY_BYTES });
const program = (body: string) => Buffer.from(`(function(inputs){\n${body}\n})`);

interface Inside {
  readonly engine: Engine;
  readonly loaded: { readonly image: MemoryImage } | undefined;
}

/** The parts of a runner that only this test may see. */
function inside(runner: Runner): Inside {
  return runner as unknown as Inside;
}

function text(body: Uint8Array): string {
  return Buffer.from(body).toString();
}

async function started(...bodies: readonly string[]): Promise<Runner> {
  const runner = await Runner.start(ENGINE);
  for (const [slot, body] of bodies.entries()) runner.load(slot, program(body));
  return runner;
}

describe("after a call, every byte of the memory is what it was before", () => {
  for (const body of BRUTAL) {
    test(body.slice(0, 60), async () => {
      const runner = await started("return 0", body);
      runner.run(call(1));
      runner.clean();
      const { memory } = inside(runner).engine;
      const before = memory.bytes.slice();
      const answer = runner.run(call(1));
      assert.equal(answer.status, STATUS.result, text(answer.body));
      assert.notEqual(Buffer.compare(before, memory.bytes.subarray(0, before.length)), 0, "the program touched nothing");
      runner.clean();
      assert.equal(Buffer.compare(before, memory.bytes.subarray(0, before.length)), 0);
      assert.ok(memory.bytes.subarray(before.length).every((byte) => byte === 0));
    });
  }
});

describe("the places in build.ts are those of the installed engine", () => {
  test("no byte above the heap's end was ever written, and the heap ends where the allocator says", async () => {
    const runner = await started(...BRUTAL);
    const { memory } = inside(runner).engine;
    let highest = 0;
    for (const slot of BRUTAL.keys()) {
      runner.run(call(slot));
      const end = memory.heapEnd;
      highest = Math.max(highest, end);
      assert.ok(end > BUILD.heapStart && end <= memory.size && end % 4_096 === 0);
      assert.ok(memory.bytes.subarray(end).every((byte) => byte === 0));
    }
    assert.ok(highest > BUILD.heapStart + 9 * 1024 * 1024, "the largest program moved it");
  });

  test("between statics and stack nothing is ever written", async () => {
    const runner = await started(...BRUTAL, "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(300)");
    for (const slot of [...BRUTAL.keys(), BRUTAL.length]) {
      assert.equal(runner.run(call(slot)).status, STATUS.result);
      const { bytes } = inside(runner).engine.memory;
      assert.ok(bytes.subarray(BUILD.staticEnd, BUILD.heapStart - STACK_BYTES - 64 * 1024).every((byte) => byte === 0));
      runner.clean();
    }
  });

  test("the stack is empty between calls", async () => {
    const runner = await started("return 1");
    runner.run(call(0));
    assert.equal(inside(runner).engine.stackPointer(), BUILD.heapStart);
  });

  test("another file is refused", async () => {
    const other = Uint8Array.from(ENGINE);
    other[other.length - 1] = 1 ^ (other[other.length - 1] ?? 0);
    await assert.rejects(
      Engine.start(other, () => false),
      /not the file/,
    );
  });
});

test("a program that needs little leaves the lower part of the small stack alone, a deep one does not", async () => {
  const recursion = (depth: number) => `const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(${depth})`;
  const runner = await started(recursion(20), recursion(500));
  const usesStack = (slot: number) => {
    assert.equal(runner.run(call(slot)).status, STATUS.result);
    const used = inside(runner).engine.memory.usedStack(SMALL_STACK_BYTES);
    runner.clean();
    return used;
  };
  assert.deepEqual([0, 1, 0].map(usesStack), [false, true, false]);
});

test("a program whose snapshot was dropped is compiled again", async () => {
  const runner = await started(...Array.from({ length: 200 }, (_, i) => `return ${i}`));
  for (const slot of [...Array(200).keys(), 0, 100, 199]) {
    assert.equal(text(runner.run(call(slot)).body), `\n${slot}`);
    runner.clean();
  }
});

test("another program in the same slot replaces the first one", async () => {
  const runner = await started("return 1");
  runner.run(call(0));
  runner.clean();
  runner.load(0, program("return 2"));
  assert.equal(text(runner.run(call(0)).body), "\n2");
});
