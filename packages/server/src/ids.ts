import { randomFillSync } from "node:crypto";
import { V7Generator } from "uuidv7";

/** The only source of chance. What a run sees of it is in its journal. */
export interface Ids {
  /** UUIDv7, lower case, ascending within the process. */
  uuidv7(): string;
  /** 24 hex characters: 4 bytes of time, 8 of chance. */
  objectId(): string;
  /** 16 hex characters of chance: enough to tell requests apart. */
  shortId(): string;
  /** 32 hex characters of chance. */
  seed(): string;
  /** Url-safe characters of 6 random bits each. */
  token(characters: number): string;
}

/** Random bytes are fetched from the system in blocks: a call each costs more than the bytes. */
const BLOCK_BYTES = 4_096;

const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function systemIds(now: () => number): Ids {
  const random = randomBlock();
  const generator = new V7Generator({ nextUint32: random.u32 });
  const hex = (): string => random.u32().toString(16).padStart(8, "0");
  return {
    uuidv7: () => generator.generate().toString(),
    objectId: () =>
      Math.floor(now() / 1_000)
        .toString(16)
        .padStart(8, "0") +
      hex() +
      hex(),
    shortId: () => hex() + hex(),
    seed: () => hex() + hex() + hex() + hex(),
    token: (characters) => Array.from({ length: characters }, () => URL_SAFE[random.u32() & 63]).join(""),
  };
}

function randomBlock() {
  const block = Buffer.alloc(BLOCK_BYTES);
  let offset = BLOCK_BYTES;
  return {
    u32(): number {
      if (offset === BLOCK_BYTES) {
        randomFillSync(block);
        offset = 0;
      }
      const value = block.readUInt32LE(offset);
      offset += 4;
      return value;
    },
  };
}
