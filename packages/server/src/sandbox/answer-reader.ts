import { ANSWER_HEADER_BYTES } from "#sandbox/protocol";

export type OnAnswer = (status: number, isHealthy: boolean, body: string) => void;

/** Cuts the bytes of the pipe into answers. */
export class AnswerReader {
  private rest: Buffer | undefined;
  private readonly onAnswer: OnAnswer;

  constructor(onAnswer: OnAnswer) {
    this.onAnswer = onAnswer;
  }

  push(chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= ANSWER_HEADER_BYTES) {
      const end = at + ANSWER_HEADER_BYTES + bytes.readUInt32LE(at);
      if (end > bytes.length) break;
      this.onAnswer(bytes.readUInt8(at + 4), bytes[at + 5] === 1, bytes.toString("utf8", at + ANSWER_HEADER_BYTES, end));
      at = end;
    }
    this.rest = at === bytes.length ? undefined : bytes.subarray(at);
  }
}
