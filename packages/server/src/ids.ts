import { createHash, randomFillSync } from "node:crypto";
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
  return {
    uuidv7: () => generator.generate().toString(),
    objectId: () => seconds(now()) + random.hex(8),
    shortId: () => random.hex(8),
    seed: () => random.hex(16),
    token: (characters) => Array.from({ length: characters }, () => URL_SAFE[random.u32() & 63]).join(""),
  };
}

/** A UUIDv7 that follows from another one and a text: with its time, and with a hash where chance would stand. */
export function derivedRunId(runId: string, text: string): string {
  const hash = createHash("sha256").update(`${runId}\n${text}`).digest("hex");
  const variant = "89ab"[Number.parseInt(hash.slice(3, 4), 16) % 4];
  return `${runId.slice(0, 13)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** 8 hex characters. */
function seconds(ms: number): string {
  return Math.floor(ms / 1_000)
    .toString(16)
    .padStart(8, "0");
}

function randomBlock() {
  const block = Buffer.alloc(BLOCK_BYTES);
  let offset = BLOCK_BYTES;
  /** Where the next so many unused bytes begin. */
  const take = (bytes: number): number => {
    if (offset + bytes > BLOCK_BYTES) {
      randomFillSync(block);
      offset = 0;
    }
    offset += bytes;
    return offset - bytes;
  };
  return {
    u32: () => block.readUInt32LE(take(4)),
    hex: (bytes: number) => {
      const start = take(bytes);
      return block.toString("hex", start, start + bytes);
    },
  };
}
