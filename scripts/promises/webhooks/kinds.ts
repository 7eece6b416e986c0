import type { ServerResponse } from "node:http";

/** A way in which a receiver answers, and how what is sent to it must end. */
export interface Kind {
  /** First segment of its paths. */
  readonly name: string;
  /** For the reader of the figures. */
  readonly what: string;
  readonly ends: "delivered" | "failed" | "disabled";
  readonly method?: "GET";
  /** So many deliveries share one URL; absent: each has its own. */
  readonly endpoints?: number;
  /** Nobody listens there for the first ten minutes. */
  readonly isDownAtFirst?: true;
  /** Every attempt takes as long as it may, in real time. */
  readonly hangs?: true;
  /** Wait that the first answer asks for, ms. */
  readonly retryAfterMs?: number;
  /** Answers the n-th attempt of a delivery; 0 is the first. */
  answer(response: ServerResponse, nth: number, serial: number): void;
}

const status =
  (code: number, headers: { readonly [name: string]: string } = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();
const ok = status(200);

/** Asked to wait for seven hundred seconds and for more than a day: the longest wait that is granted is a day. */
const asksToWait = (name: string, seconds: number, retryAfterMs: number): Kind => ({
  name,
  what: `429 with Retry-After: ${seconds} once`,
  ends: "delivered",
  retryAfterMs,
  answer: (response, nth) => (nth === 0 ? status(429, { "Retry-After": String(seconds) })(response) : ok(response)),
});

const WHOLE_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

export const KINDS: readonly Kind[] = [
  { name: "ok", what: "200", ends: "delivered", answer: ok },
  { name: "get", what: "200 to a GET", ends: "delivered", method: "GET", answer: ok },
  { name: "fails", what: "500", ends: "failed", answer: status(500) },
  { name: "recovers", what: "500 three times", ends: "delivered", answer: (response, nth) => status(nth < 3 ? 500 : 204)(response) },
  asksToWait("busy", 700, 700_000),
  asksToWait("later", 1_000_000, 86_400_000),
  { name: "gone", what: "410", ends: "disabled", endpoints: 7, answer: status(410) },
  { name: "moved", what: "302", ends: "failed", answer: status(302, { Location: "/followed" }) },
  {
    name: "slow-head",
    what: "a head that never ends",
    hangs: true,
    ends: "failed",
    answer: ({ socket }) => void socket?.write("HTTP/1.1 200 OK\r\nX-Slow: "),
  },
  {
    name: "slow-body",
    what: "200, a body that never ends",
    hangs: true,
    ends: "delivered",
    answer: (response) => void response.writeHead(200, { "Content-Length": "1000" }).write("slow"),
  },
  {
    name: "cut",
    what: "cut at byte n of its answer, twice",
    ends: "delivered",
    answer: (response, nth, serial) => {
      const { socket } = response;
      if (nth >= 2) ok(response);
      else socket?.write(WHOLE_ANSWER.slice(0, (serial * 2 + nth) % WHOLE_ANSWER.length), () => socket.resetAndDestroy());
    },
  },
  { name: "never", what: "never", ends: "failed", hangs: true, answer: () => undefined },
  { name: "down", what: "down for ten minutes", ends: "delivered", isDownAtFirst: true, answer: ok },
];
