// The program of a process that reads one file, which may have been made to harm: it comes in on stdin, what it says goes out on stdout.
import { buffer } from "node:stream/consumers";
import type { ParsedFormat } from "#parsing/formats";
import { ParseFailure } from "#parsing/parse-failure";
import type { ParseAnswer } from "#parsing/protocol";
import { readBlocks } from "#parsing/read-file";

const [, , format] = process.argv;
const content = await buffer(process.stdin);

function answer(value: ParseAnswer): void {
  process.stdout.write(JSON.stringify(value));
}

try {
  // A copy of its own: the library takes the memory over that it is given.
  answer({ blocks: await readBlocks(format as ParsedFormat, new Uint8Array(content)) });
} catch (error) {
  const reason = error instanceof ParseFailure ? error.message : `it is damaged (${String((error as Error)?.message).slice(0, 200)})`;
  answer({ reason });
}
