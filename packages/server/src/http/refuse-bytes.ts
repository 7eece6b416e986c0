import type { Socket } from "node:net";

/** Time for a request's head and body together; a client that sends slower is cut off. */
export const REQUEST_TIMEOUT_MS = 60_000;

/** A client that was told why has this long to read it and hang up. */
const LINGER_MS = 1_000;

const MESSAGES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "The request's headers exceed 16384 bytes.",
  ERR_HTTP_REQUEST_TIMEOUT: `The request did not arrive as a whole within ${REQUEST_TIMEOUT_MS / 1_000} seconds.`,
};

/** Bytes that are no HTTP, or too slow: there is no request to answer, only a socket. Whoever goes on sending is not heard any more. */
export function refuseBytes(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = refusal(MESSAGES[error.code ?? ""] ?? "The request is not valid HTTP.");
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(lingering));
}

function refusal(message: string): string {
  return JSON.stringify({
    code: 40000,
    message,
    type: "/errors/invalid_request",
    title: "Invalid request",
    status: 400,
    detail: message,
    instance: "",
    requestId: "",
  });
}
