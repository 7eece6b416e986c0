import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createSandbox } from "#sandbox/create-sandbox";
import { PROBE } from "#sandbox/testing/probe";
import { runCode } from "#sandbox/testing/run-code";

const CALLS = 5_000;
/** Calls on their way at once: enough to fill the pipe, so that the probe of one call runs right after another call's mess. */
const LANES = 8;

/** Programs that leave behind whatever a program can leave behind. `n` makes each run different. */
const POLLUTERS = [
  "globalThis.leftover = n; Object.prototype.polluted = n; return n",
  "Array.prototype.push = () => n; JSON.stringify = () => 'forged'; JSON.parse = () => n; return n",
  "for (const name of Object.getOwnPropertyNames(globalThis)) { try { globalThis[name] = n } catch {} } return n",
  "const keep = []; for (let i = 0; i < 300; i++) keep.push({ ['key' + n + i]: new Uint8Array(500).fill(n) }); globalThis.keep = keep; return n",
  "Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(globalThis); return n",
  "Promise.prototype.then = () => {}; Object.prototype.then = undefined; return n",
  "console.log = () => {}; globalThis.console = undefined; Math.random = () => 4; Date.now = () => n; return n",
  "delete globalThis.Map; delete Object.prototype.toString; Function.prototype.call = null; return n",
  "Object.setPrototypeOf(Object.getPrototypeOf(async function () {}), null); globalThis[Symbol.for('millrace.leak')] = n; return n",
  "for (let i = 0; i < 5; i++) Promise.resolve().then(() => { globalThis.leftover = n }); new FinalizationRegistry(() => {}).register({}, n); return n",
  "class Evil extends Array { static get [Symbol.species]() { return Object } } globalThis.Array = Evil; RegExp.prototype.exec = () => [n]; return n",
  "Object.defineProperty(Object.prototype, 'inputs', { get() { return n } }); Error.prepareStackTrace = () => n; throw new Error('x' + n)",
];

test(`${CALLS} calls that pollute, each followed by a probe that finds nothing`, async (context) => {
  const sandbox = createSandbox();
  after(() => sandbox.close());
  const expected = await sandbox.run(PROBE);
  assert.deepEqual((expected.value as { leftovers: string[] }).leftovers, ["undefined", "undefined", "undefined", "undefined"]);

  const started = new Set(sandbox.pids());
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < CALLS; n = next++) {
      const polluted = runCode(sandbox, POLLUTERS[n % POLLUTERS.length] ?? "", { n }).catch(() => undefined);
      const probe = sandbox.run(PROBE);
      await polluted;
      assert.deepEqual(await probe, expected);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  assert.ok(
    [...started].every((pid) => sandbox.pids().includes(pid)),
    "a process was replaced, so the memory was not put to the test",
  );
  context.diagnostic(`${CALLS} polluting calls, ${CALLS} probes, 0 unclean, ${sandbox.pids().length} processes`);
});

test("what one call learns of the inputs of another is nothing, in one process, with the same code", async () => {
  const sandbox = createSandbox({ poolSize: 1 });
  after(() => sandbox.close());
  const code = "const before = globalThis.seen ?? null; globalThis.seen = inputs.secret; return before";
  for (let i = 0; i < 200; i++) assert.equal((await runCode(sandbox, code, { secret: `secret-${i}` })).value, null);
});
