/**
 * What crosses the pipe between the server and a sandbox process. Both directions are length-prefixed frames, numbers are little-endian.
 * The process works strictly in order and answers every call, so a frame needs no number of its own.
 *
 * Request: u32 bytes of the body, u8 operation, u8 zero, u16 slot, u32 timeout in ms, u32 memory in bytes, body.
 * Answer: u32 bytes of the body, u8 status, u8 1 when the process can take another call, body.
 */
export const REQUEST_HEADER_BYTES = 16;
export const ANSWER_HEADER_BYTES = 6;

/** Put the program in the body into a slot; not answered. */
export const OPERATION_LOAD = 1;
/** Put the template in the body into a slot; not answered. */
export const OPERATION_LOAD_TEMPLATE = 3;
/** Run the program of a slot with the inputs in the body; answered once. */
export const OPERATION_CALL = 2;

/** The descriptor of the pipe inside the process. */
export const CHANNEL = 3;

/** First byte of an answer: an ASCII letter, as the guest's library writes it. */
export const STATUS = {
  /** Sent once, before any call. */
  ready: 0x41,
  /** Console lines as comma-separated JSON strings, a line feed, the value as JSON. */
  result: 0x52,
  /** Console lines, a line feed, `[name, message, stack]`. */
  error: 0x45,
  /** As `error`: the program used up its stack. From here on the part after the line feed may be missing. */
  stack: 0x4b,
  timeout: 0x54,
  memory: 0x4d,
  /** More console text than a call may write. */
  flood: 0x46,
  /** The result is too large. */
  large: 0x4c,
  /** The result is nested too deeply. */
  deep: 0x44,
  /** Nothing can settle the promise that the program waits for. */
  idle: 0x49,
  /** The promise has not settled yet; never leaves the process. */
  pending: 0x50,
  /** The engine itself failed. */
  fault: 0x58,
} as const;

export interface RequestHeader {
  readonly bodyBytes: number;
  readonly operation: number;
  readonly slot: number;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export function writeRequestHeader(target: Buffer, at: number, header: RequestHeader): void {
  target.writeUInt32LE(header.bodyBytes, at);
  target[at + 4] = header.operation;
  target[at + 5] = 0;
  target.writeUInt16LE(header.slot, at + 6);
  target.writeUInt32LE(header.timeoutMs, at + 8);
  target.writeUInt32LE(header.memoryBytes, at + 12);
}

export function readRequestHeader(source: Buffer, at: number): RequestHeader {
  return {
    bodyBytes: source.readUInt32LE(at),
    operation: source.readUInt8(at + 4),
    slot: source.readUInt16LE(at + 6),
    timeoutMs: source.readUInt32LE(at + 8),
    memoryBytes: source.readUInt32LE(at + 12),
  };
}
