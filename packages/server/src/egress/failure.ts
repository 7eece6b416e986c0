import { RetryableError, TerminalError } from "@millrace/engine";
import { ConnectError } from "#egress/connect";
import { MAX_RESPONSE_HEADER_BYTES } from "#egress/limits";

/** The error to throw for whatever the socket or the parser reported. Typed errors and connect errors stay what they are. */
export function requestFailure(error: Error): Error {
  if (error instanceof TerminalError || error instanceof RetryableError || error instanceof ConnectError) return error;
  const code = "code" in error ? String(error.code) : error.name;
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return new TerminalError("http_too_large", `The headers of the answer are larger than ${MAX_RESPONSE_HEADER_BYTES} bytes.`);
  }
  return new RetryableError("http_network", `The connection broke before the answer was complete: ${WORDS.get(code) ?? code}.`);
}

export function tooLarge(maxBytes: number): TerminalError {
  return new TerminalError("http_too_large", `The body of the answer is larger than ${maxBytes} bytes.`);
}

/** The client library's codes in plain words; other codes are the system's (ECONNRESET) or the parser's (HPE_…) and known by themselves. */
const WORDS = new Map([
  ["UND_ERR_SOCKET", "the other side closed it"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "the body is shorter or longer than announced"],
]);
