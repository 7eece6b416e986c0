import type { IncomingMessage } from "node:http";
import { RequestError } from "#request-error";

/**
 * Gathers a request's body; null: it has none. Calls back once, with `body_too_large` as soon as more than `limit` bytes are announced
 * or have come. Never for a caller that went away before its body was whole: there is nobody to answer.
 */
export function readBody(message: IncomingMessage, limit: number, done: (error: RequestError | null, body: Buffer | null) => void): void {
  const announced = message.headers["content-length"];
  if (message.headers["transfer-encoding"] === undefined && (announced === undefined || announced === "0")) {
    done(null, null);
    return;
  }
  if (announced !== undefined && Number(announced) > limit) {
    done(tooLarge(limit), null);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const gather = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= limit) return;
    message.off("data", gather);
    message.off("end", end);
    done(tooLarge(limit), null);
  };
  const end = (): void => {
    const [first] = chunks;
    done(null, first && chunks.length === 1 ? first : Buffer.concat(chunks));
  };
  message.on("data", gather);
  message.on("end", end);
}

function tooLarge(limit: number): RequestError {
  return new RequestError("body_too_large", { params: { limit } });
}
