import type { IncomingMessage, RequestListener } from "node:http";
import { errorAnswer } from "#http/errors";
import type { HttpPorts } from "#http/ports";
import { givenRequestId, normalisePath, type WireRequest } from "#http/request";
import type { RunMessage } from "#http/run-message";
import { RequestError } from "#request-error";

/**
 * A request of HTTP/1.1 names one host (RFC 9112, 3.2). Node takes the first of several, where a proxy may take the last; and its own
 * refusal of a request with none has no body, and lets the request behind it run unanswered.
 */
export function oneHost(ports: HttpPorts, next: RequestListener<typeof RunMessage>): RequestListener<typeof RunMessage> {
  return (message, response) => {
    const hosts = countHosts(message);
    if (hosts === 1 || (hosts === 0 && message.httpVersion === "1.0")) {
      next(message, response);
      return;
    }
    const error = new RequestError("invalid_request", { message: "The request must have one Host header." });
    const request = asRequest(ports, message);
    const { status, headers, body } = errorAnswer(error, request, ports);
    const common = ["Content-Length", String(Buffer.byteLength(body)), "X-Request-Id", request.id, "Cache-Control", "no-store"];
    response.writeHead(status, [...headers, ...common]).end(body);
  };
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    // Most names have another length: nothing is made lower case for them.
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count;
}

function asRequest({ ids }: HttpPorts, { headers, url = "/" }: IncomingMessage): WireRequest {
  const id = givenRequestId(headers["x-request-id"]) ?? `req_${ids.shortId()}`;
  return { id, url: normalisePath(url), protocol: "http", host: "", ip: "", headers, caller: null, workflow: null, quota: null };
}
