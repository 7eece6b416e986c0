import { randomFillSync } from "node:crypto";
import { type Engine, GuestException } from "#sandbox/engine/engine";
import { CLONE_SOURCE } from "#sandbox/guest/clone";
import { CORE_SOURCE } from "#sandbox/guest/core";
import { ENCODING_SOURCE } from "#sandbox/guest/encoding";

/** Name of the author's source in stacks; frames of other files are the sandbox's own. */
export const PROGRAM_FILE = "code.js";
const LIBRARY_FILE = "sandbox.js";

/** Four u32 of the guest's random generator. */
const SEED_BYTES = 16;

/** Seeds are drawn in blocks: one call of the system's generator serves 256 calls. */
const SEED_BLOCK = new Uint8Array(SEED_BYTES * 256);

/** The guest's own library, loaded: addresses of its functions, which stay valid when the memory is restored. */
export interface Guest {
  readonly load: number;
  readonly invoke: number;
  readonly collect: number;
  readonly describe: number;
  readonly logs: number;
  /** Address of the random generator's state. */
  readonly seed: number;
}

export function loadGuest(engine: Engine): Guest {
  const evaluate = (source: string) => engine.evaluate(Buffer.from(source), LIBRARY_FILE);
  evaluate(ENCODING_SOURCE);
  evaluate(CLONE_SOURCE);
  const seed = engine.arrayBuffer(SEED_BYTES);
  const core = engine.call(evaluate(CORE_SOURCE), seed.value);
  const [load, invoke, collect, describe, logs] = ["load", "invoke", "collect", "describe", "logs"].map((name) =>
    engine.property(core, name),
  );
  if (!load || !invoke || !collect || !describe || !logs) throw new GuestException(core);
  return { load, invoke, collect, describe, logs, seed: seed.address };
}

let nextSeed = SEED_BLOCK.length;

/** Gives the guest's random generator a state of its own for one call. */
export function reseed(engine: Engine, guest: Guest): void {
  if (nextSeed === SEED_BLOCK.length) {
    randomFillSync(SEED_BLOCK);
    nextSeed = 0;
  }
  engine.memory.bytes.set(SEED_BLOCK.subarray(nextSeed, nextSeed + SEED_BYTES), guest.seed);
  nextSeed += SEED_BYTES;
}
