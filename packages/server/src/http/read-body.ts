import type { IncomingMessage } from "node:http";
import type { RunMessage } from "#http/run-message";
import { RequestError } from "#request-error";

/**
 * Gathers a request's body; null: it has none. Calls back once, with `body_too_large` as soon as more than `limit` bytes are announced
 * or have come. Never for a caller that went away before its body was whole: there is nobody to answer.
 */
export function readBody(message: RunMessage, limit: number, done: (error: RequestError | null, body: Buffer | null) => void): void {
  const announced = message.headers["content-length"];
  if (!hasBody(message, announced)) {
    done(null, null);
    return;
  }
  if (announced !== undefined && Number(announced) > limit) {
    done(tooLarge(limit), null);
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  message.gather((piece) => {
    if (piece === null) {
      const [first] = pieces;
      done(null, first && pieces.length === 1 ? first : Buffer.concat(pieces));
      return false;
    }
    length += piece.length;
    pieces.push(piece);
    if (length <= limit) return true;
    done(tooLarge(limit), null);
    return false;
  });
}

function hasBody(message: IncomingMessage, announced: string | undefined): boolean {
  return message.headers["transfer-encoding"] !== undefined || (announced !== undefined && announced !== "0");
}

function tooLarge(limit: number): RequestError {
  return new RequestError("body_too_large", { params: { limit } });
}
