import type { SandboxProgram } from "#sandbox/program/program-cache";
import {
  OPERATION_CALL,
  OPERATION_LOAD,
  OPERATION_LOAD_TEMPLATE,
  REQUEST_HEADER_BYTES,
  type RequestHeader,
  writeRequestHeader,
} from "#sandbox/protocol";

interface Frame {
  readonly header: RequestHeader;
  readonly body: string;
}

/** Requests that go out in one write. */
export class RequestBatch {
  private frames: Frame[] = [];
  private bytes = 0;

  load(slot: number, { text, isTemplate }: SandboxProgram): void {
    const operation = isTemplate ? OPERATION_LOAD_TEMPLATE : OPERATION_LOAD;
    this.add({ bodyBytes: Buffer.byteLength(text), operation, slot, timeoutMs: 0, memoryBytes: 0 }, text);
  }

  call(
    slot: number,
    call: { readonly inputs: string; readonly inputBytes: number; readonly timeoutMs: number; readonly memoryBytes: number },
  ): void {
    const { inputs, inputBytes, timeoutMs, memoryBytes } = call;
    this.add({ bodyBytes: inputBytes, operation: OPERATION_CALL, slot, timeoutMs, memoryBytes }, inputs);
  }

  /** All requests since the last call as bytes; undefined when there are none. */
  take(): Buffer | undefined {
    if (this.frames.length === 0) return undefined;
    const buffer = Buffer.allocUnsafe(this.bytes);
    let at = 0;
    for (const { header, body } of this.frames) {
      writeRequestHeader(buffer, at, header);
      buffer.write(body, at + REQUEST_HEADER_BYTES, "utf8");
      at += REQUEST_HEADER_BYTES + header.bodyBytes;
    }
    this.frames = [];
    this.bytes = 0;
    return buffer;
  }

  private add(header: RequestHeader, body: string): void {
    this.frames.push({ header, body });
    this.bytes += REQUEST_HEADER_BYTES + header.bodyBytes;
  }
}
