import { type Check, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { type Millrace, withMillrace } from "../harness/millrace.ts";
import { INVOKE } from "../harness/runs.ts";
import { openSocket, readAll, write } from "../harness/socket.ts";
import { tryHostileTargets } from "../webhooks/hostile-targets.ts";

/** Longest silence that ends an answer: a connection that stays open says nothing more. */
const QUIET_MS = 1_500;

/** What a trick must be answered with, and the good request behind it: where a refused one ends is known only to its sender, or to both. */
const ANSWERS = { accepted: "200 200", refused: "400", "refused alone": "400 200" } as const;

type Expected = keyof typeof ANSWERS;

interface Trick {
  readonly name: string;
  readonly expected: Expected;
  /** The bytes of the first request, up to where the smuggled one begins. */
  readonly bytes: string;
}

export const s12: Check = {
  id: "S12",
  property:
    "Bytes that two parsers could read in two ways are one request with one documented answer, and never a second request; a webhook's URL and headers write no line of their own",
  run: () => withMillrace({ MILLRACE_EGRESS_ALLOW: "127.0.0.1" }, check),
};

async function check(server: Millrace) {
  const { key } = await server.publish(echo("smuggling"));
  const answers = new Tally();
  const smuggled = new Tally();
  const tricks = tricksFor(key);
  // Connections of their own: all at once, since most of them wait out the silence.
  await Promise.all(
    tricks.map(async (trick, n) => {
      const answer = await send(server, trick.bytes + second(key, n));
      answers.add(faultOf(trick, answer));
    }),
  );
  for (const [n, { name, expected }] of tricks.entries()) {
    const { data } = await server.manage("GET", `/api/v1/runs?user=second-${n}`);
    const runs = (data as unknown[]).length;
    const due = ANSWERS[expected].endsWith("200") ? 1 : 0;
    smuggled.add(runs === due ? null : `${name}: ${runs} runs of the request behind it`);
  }
  const outbound = await tryHostileTargets(server);
  return {
    counts: [
      answers.count("with another answer than the documented one", "tricks"),
      smuggled.count("that let a second request through", "tricks"),
      outbound.requests.count("that became another number of requests", "hostile webhooks"),
      outbound.headers.count("that wrote a header line of their own", "hostile webhooks"),
    ],
    facts: {
      refused: tricks.filter(({ expected }) => expected !== "accepted").length,
      "webhooks refused": outbound.refused,
      "webhooks sent": outbound.sent,
    },
    failures: [...answers.failures, ...smuggled.failures, ...outbound.requests.failures, ...outbound.headers.failures],
  };
}

async function send(server: Millrace, bytes: string): Promise<string> {
  const socket = await openSocket(server.port);
  await write(socket, Buffer.from(bytes, "latin1"));
  return readAll(socket, QUIET_MS);
}

/** null: the statuses that are due, a refusal with the one error body. */
function faultOf({ name, expected }: Trick, answer: string): string | null {
  const statuses = Array.from(answer.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => status).join(" ");
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const documented = expected === "accepted" || /^\{"code":4\d+,"message":".+","type":"\/errors\/\w+"/.test(body);
  return statuses === ANSWERS[expected] && documented ? null : `${name}: answered ${statuses || "nothing"} ${body.slice(0, 200)}`;
}

const BODY = '{"input":{"value":1},"userId":"first"}';

/** A good request, whose run is found by its user. */
function second(key: string, n: number): string {
  const body = `{"input":{},"userId":"second-${n}"}`;
  return `${head(key)}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function head(key: string): string {
  return `POST ${INVOKE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n`;
}

function tricksFor(key: string): Trick[] {
  const good = `Content-Length: ${BODY.length}\r\n`;
  const trick = (expected: Expected, name: string, bytes: string): Trick => ({ name, expected, bytes });
  const headers = (lines: string, body = BODY) => `${head(key)}${lines}\r\n${body}`;
  const lengths = ["+38", "-1", "0x26", "38,38", "38 38", "1e2", "", "99999999999999999999", "38;38"];
  const codings = [
    "xchunked",
    "chunked, identity",
    "identity",
    "chunked\r\nTransfer-Encoding: identity",
    "chunked\r\nTransfer-Encoding: chunked",
  ];
  const chunk = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
  const chunked = (body: string) => headers("Transfer-Encoding: chunked\r\n", body);
  const chunks = [
    `0x26\r\n${BODY}\r\n0\r\n\r\n`,
    `-26\r\n${BODY}`,
    `26 \r\n${BODY}\r\n0\r\n\r\n`,
    `26\n${BODY}\n0\n\n`,
    `fffffffffffffffff\r\n${BODY}`,
    `26\r\n${BODY}0\r\n\r\n`,
    `g\r\n${BODY}`,
    `26;a\nb\r\n${BODY}\r\n0\r\n\r\n`,
  ];
  return [
    trick("accepted", "a plain length", headers(good)),
    trick("accepted", "chunks", chunked(chunk)),
    trick("accepted", "100 headers more", headers(good + many(100))),
    trick("refused", "two lengths", headers(`${good}Content-Length: 1\r\n`)),
    trick("refused", "the same length twice", headers(good + good)),
    trick("refused", "a length and chunks", headers(`${good}Transfer-Encoding: chunked\r\n`, chunk)),
    trick("refused", "chunks and a length", headers(`Transfer-Encoding: chunked\r\n${good}`, chunk)),
    ...lengths.map((length) => trick("refused", `the length "${length}"`, headers(`Content-Length: ${length}\r\n`))),
    ...codings.map((coding) =>
      trick("refused", `the coding ${JSON.stringify(coding)}`, headers(`Transfer-Encoding: ${coding}\r\n`, chunk)),
    ),
    ...chunks.map((body) => trick("refused", `the chunk ${JSON.stringify(body.slice(0, 8))}`, chunked(body))),
    trick("refused", "a folded header", headers(`${good}X-Folded: a\r\n b\r\n`)),
    trick("refused", "a folded length", headers(`Content-Length:\r\n ${BODY.length}\r\n`)),
    trick("refused", "a blank before the colon", headers(`Content-Length : ${BODY.length}\r\n`)),
    trick("refused", "a header without a name", headers(`${good}: empty\r\n`)),
    trick("refused", "a header without a colon", headers(`${good}Nonsense\r\n`)),
    trick("refused", "NUL in a header", headers(`${good}X-Nul: a\0b\r\n`)),
    trick("refused", "a bare CR in a header", headers(`${good}X-Cr: a\rX-Evil: b\r\n`)),
    trick("refused", "17 KiB of headers", headers(`${good}X-Long: ${"a".repeat(17 * 1_024)}\r\n`)),
    trick("refused alone", "no host", headers(good).replace("Host: 127.0.0.1\r\n", "")),
    trick("refused alone", "two hosts", headers(`${good}Host: elsewhere\r\n`)),
    trick("refused", "an unknown version", headers(good).replace("HTTP/1.1", "HTTP/1.9")),
    trick("refused", "the preface of HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`),
    trick("refused", "a method that is none", headers(good).replace("POST", "PO ST")),
    trick("refused", "bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
  ];
}

function many(count: number): string {
  return Array.from({ length: count }, (_, n) => `X-Header-${n}: ${n}\r\n`).join("");
}
