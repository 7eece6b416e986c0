import { gzipSync } from "node:zlib";

/** Bytes that a parser may stumble over, and what they are called in a failure. */
export interface HostileBody {
  readonly name: string;
  readonly bytes: string | Buffer;
  readonly headers?: { readonly [name: string]: string };
}

const MEBIBYTE = 1_048_576;

const body = (name: string, bytes: string | Buffer): HostileBody => ({ name, bytes });

/** Names that mean something to the language below the server. */
export const PROTOTYPE_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "constructor.prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "toJSON",
  "then",
  "$file",
];

const PROTOTYPE_VALUES = ["1", "null", "{}", '{"polluted":1}', "[]"];

/** Each such name with each value, beside a body's members and in the places of a run's input, a document, a list. */
export function prototypeBodies(): HostileBody[] {
  return PROTOTYPE_KEYS.flatMap((key) =>
    PROTOTYPE_VALUES.map((value) => {
      const member = `"${key}":${value}`;
      const inner = `{${member},"nested":{${member},"deeper":[{${member}}]}}`;
      return body(
        `${key} = ${value}`,
        `{${member},"input":${inner},"document":{"format":"millrace/1","name":"proto","nodes":[${inner}],"edges":[${inner}],${member}}}`,
      );
    }),
  );
}

const GOOD = '{"input":{"value":"x"}}';

/** What is nearly JSON, or JSON that means two things. */
export function oddBodies(): HostileBody[] {
  const inValue = (name: string, value: string) => body(name, `{"input":{"value":${value}}}`);
  const literals = [
    "1e400",
    "-1e400",
    "-0",
    "9007199254740993",
    "NaN",
    "Infinity",
    "-Infinity",
    "01",
    "+1",
    ".5",
    "1.",
    "0x1",
    "undefined",
  ];
  const escapes = ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\u0000"', '"\\x41"', '"\t"', '"\\"', "'x'", '"\u2028"', '"\u202e"'];
  const documents = ["", " ", "null", "[]", '"x"', "0", "true", "{}", "{}{}", "[{}]", "{,}", "[,]", '{"input":{},}', "{'input':{}}"];
  return [
    ...literals.map((text) => inValue(text, text)),
    ...escapes.map((text) => inValue(JSON.stringify(text), text)),
    ...documents.map((text) => body(JSON.stringify(text), text)),
    ...Array.from({ length: GOOD.length }, (_, length) => body(`cut after ${length} bytes`, GOOD.slice(0, length))),
    body("duplicate keys", '{"input":{"a":1,"a":2},"input":{"a":3}}'),
    body("comments", '{"input":{}/**/}//'),
    body("a byte-order mark", `\ufeff${GOOD}`),
    body("UTF-16", Buffer.from(GOOD, "utf16le")),
    body("invalid UTF-8", Buffer.from([...Buffer.from('{"input":{"value":"'), 0xff, 0xfe, ...Buffer.from('"}}')])),
    body("overlong UTF-8", Buffer.from([...Buffer.from('{"input":{"value":"'), 0xc0, 0xaf, ...Buffer.from('"}}')])),
    body("a surrogate as UTF-8", Buffer.from([...Buffer.from('{"input":{"value":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}}')])),
    ...[99, 100, 101, 127, 128, 129, 5_000].flatMap((depth) => [
      body(`${depth} lists`, "[".repeat(depth) + "]".repeat(depth)),
      body(`${depth} objects`, '{"a":'.repeat(depth) + 1 + "}".repeat(depth)),
      inValue(`${depth} lists in the input`, "[".repeat(depth) + "]".repeat(depth)),
      body(`${depth} lists, unclosed`, "[".repeat(depth)),
    ]),
    { name: "gzip", bytes: gzipSync(GOOD), headers: { "Content-Encoding": "gzip" } },
    { name: "no gzip", bytes: GOOD, headers: { "Content-Encoding": "gzip" } },
    { name: "gzip in gzip", bytes: gzipSync(gzipSync(Buffer.alloc(10 * MEBIBYTE))), headers: { "Content-Encoding": "gzip, gzip" } },
    { name: "an unknown coding", bytes: GOOD, headers: { "Content-Encoding": "none,such" } },
  ];
}

/** What is as large as a body may be, or makes much of little. */
export function largeBodies(): HostileBody[] {
  const inValue = (name: string, value: string) => body(name, `{"input":{"value":${value}}}`);
  const room = 10 * MEBIBYTE - 64;
  const keys = (count: number, key: (n: number) => string) => `{${Array.from({ length: count }, (_, n) => `"${key(n)}":0`).join(",")}}`;
  return [
    ...[100_000, 1_000_000].flatMap((depth) => [
      body(`${depth} lists`, "[".repeat(depth) + "]".repeat(depth)),
      body(`${depth} objects`, '{"a":'.repeat(depth) + 1 + "}".repeat(depth)),
    ]),
    inValue(
      "10,001 keys",
      keys(10_001, (n) => `k${n}`),
    ),
    inValue(
      "200,000 keys like integers",
      keys(200_000, (n) => String(n * 16_777_216)),
    ),
    inValue("200,000 keys like dense integers", keys(200_000, String)),
    inValue("1,000,001 empty lists", `[${"[],".repeat(1_000_000)}[]]`),
    inValue("3,000,000 empty lists", `[${"[],".repeat(3_000_000)}[]]`),
    inValue("5,000,000 numbers", `[${"0,".repeat(5_000_000)}0]`),
    inValue("a text of 10 MiB", `"${"x".repeat(room)}"`),
    inValue("10 MiB of escapes", `"${"\\u0000".repeat(Math.floor(room / 6))}"`),
    inValue("10 MiB of backslashes", `"${"\\\\".repeat(room / 2)}"`),
    inValue("10 MiB of quotes", `"${'\\"'.repeat(room / 2)}"`),
    inValue("10 MiB of digits", "9".repeat(room)),
    inValue("10 MiB of blanks", `${" ".repeat(room)}0`),
    inValue("a key of 1 MiB", `{"${"k".repeat(MEBIBYTE)}":0}`),
    inValue("a number of 1 MiB", `0.${"3".repeat(MEBIBYTE)}`),
    body("10 MiB and a byte", "x".repeat(10 * MEBIBYTE + 1)),
  ];
}

/** Every kind of body under every name for it. */
export function mislabelledBodies(): HostileBody[] {
  const boundary = "----x";
  const shapes: HostileBody[] = [
    body("JSON", GOOD),
    body("form", "input%5Bvalue%5D=1&__proto__[polluted]=1"),
    body(
      "multipart",
      `--${boundary}\r\nContent-Disposition: form-data; name="__proto__"; filename="../../x"\r\n\r\n1\r\n--${boundary}--\r\n`,
    ),
    body("text", "plain text"),
    body("XML", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    body("bytes", Buffer.from([0, 1, 2, 255, 254])),
    body("nothing", ""),
  ];
  const types = [
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "application/json, text/plain",
    "application/x-www-form-urlencoded",
    `multipart/form-data; boundary=${boundary}`,
    "multipart/form-data",
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "application/problem+json",
    ";;;",
    "a".repeat(5_000),
    "__proto__/constructor",
  ];
  return shapes.flatMap(({ name, bytes }) => [
    { name: `${name}, untyped`, bytes },
    ...types.map((type) => ({ name: `${name} as ${type.slice(0, 60)}`, bytes, headers: { "Content-Type": type } })),
  ]);
}

/** In the place of a path's parameters. */
export const HOSTILE_SEGMENTS = [
  "..",
  "../",
  "..%2f..%2fetc%2fpasswd",
  "%2e%2e/",
  "%252e%252e%252f",
  "..\\",
  "..%5c..%5c",
  "%c0%ae%c0%ae",
  "%00",
  "a%00b",
  "%",
  "%zz",
  "%ff",
  "%ed%a0%80",
  "/",
  "a.",
  "a%20",
  "CON",
  "C:",
  "C:%5Cwindows",
  "%5c%5chost%5cshare",
  "~",
  "'%20OR%201=1--",
  "x".repeat(5_000),
  ...PROTOTYPE_KEYS,
];
