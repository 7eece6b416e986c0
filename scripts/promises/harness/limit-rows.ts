import { LIMITS, type LimitName } from "@millrace/contract";
import { document, start } from "./documents.ts";
import { ADMIN_KEY, type Millrace } from "./millrace.ts";
import { INVOKE } from "./runs.ts";
import type { Answer } from "./send.ts";

/** What a limit is tried on. */
export interface Subject {
  readonly server: Millrace;
  /** Of a workflow that gives its `value` back and takes a file. */
  readonly key: string;
}

/** One published limit, and a request that is just so large. */
export interface LimitRow {
  readonly limit: LimitName;
  /** Where the check's server has another one than the default. */
  readonly value?: number;
  /** Asks for something of this size; `fresh` is another number each time. */
  ask(subject: Subject, size: number, fresh: number): Promise<Answer>;
  /** What the answer of a size within the limit has; default 200 or 201. */
  readonly within?: (answer: Answer) => boolean;
  /** What the answer beyond it has beside a status of 4xx: the limit by its number, or what is said instead. */
  readonly says?: string;
  /** The least value that is taken, and not the most. */
  readonly least?: true;
}

/** Files and outputs are tried at sizes that fit a check. */
const SMALL_BYTES = 20_000;
export const LIMIT_SETTINGS = { MILLRACE_MAX_FILE_BYTES: `${SMALL_BYTES}`, MILLRACE_MAX_OUTPUT_BYTES: `${SMALL_BYTES}` };

/** The document of `Subject.key`. */
export const limited = document(
  "limited",
  [start({ value: {}, file: { "x-file": "doc" } }), { id: "end", type: "end", output: { value: "{{ start.value }}" } }],
  ["start -> end"],
);

const text = (characters: number) => "x".repeat(characters);
const admin = ({ server }: Subject, method: string, path: string, body?: unknown) => server.call(method, path, { key: ADMIN_KEY, body });
const invoke = ({ server, key }: Subject, body: unknown, headers: { readonly [name: string]: string } = {}) =>
  server.call("POST", INVOKE, { key, body, headers });

/** `make(n)` padded to so many bytes of JSON. */
function padded(bytes: number, make: (filler: string) => unknown): string {
  return JSON.stringify(make(text(bytes - Buffer.byteLength(JSON.stringify(make(""))))));
}

const hook = (characters: number) => `https://example.com/${text(characters - "https://example.com/".length)}`;
const asynchronous = (webhook: object) => ({ input: {}, isAsync: true, webhook: [{ method: "POST", ...webhook }] });
const headersOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`X-H${n}`, "v"]));
/** Mondays in January, said again and again. */
const cron = (characters: number) =>
  `${characters % 2 === 0 ? "00" : "0"} 0 * 1 ${"1,".repeat(characters)}`.slice(0, characters - 1).concat("1");
const nested = (levels: number) => `{"input":{"value":${"[".repeat(levels - 2)}${"]".repeat(levels - 2)}}}`;
const values = (count: number) => `{"input":{"value":[${"0,".repeat(count - 4)}0]}}`;
const keysOf = (count: number) => ({ input: { value: Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 0])) } });
const shortValue = (characters: number) => ({ value: text(characters) });

/** Beyond the value of an input the run fails, and the answer of its caller says so. */
const succeeded = ({ json }: Answer) => json["status"] === "SUCCEED";

export const LIMIT_ROWS: readonly LimitRow[] = [
  {
    limit: "bodyBytes",
    ask: (on, n) =>
      invoke(
        on,
        padded(n, (unread) => ({ input: { unread } })),
      ),
  },
  { limit: "jsonDepth", ask: (on, n) => invoke(on, nested(n)) },
  { limit: "jsonValues", ask: (on, n) => invoke(on, values(n).replace("value", "unread")) },
  { limit: "jsonKeys", ask: (on, n) => invoke(on, JSON.stringify(keysOf(n)).replace("value", "unread")) },
  { limit: "userIdCharacters", ask: (on, n) => invoke(on, { input: {}, userId: text(n) }) },
  {
    limit: "webhooks",
    ask: (on, n) =>
      invoke(on, { input: {}, isAsync: true, webhook: Array.from({ length: n }, (_, i) => ({ method: "POST", url: hook(30 + i) })) }),
  },
  { limit: "webhookUrlCharacters", ask: (on, n) => invoke(on, asynchronous({ url: hook(n) })) },
  { limit: "webhookHeaders", ask: (on, n) => invoke(on, asynchronous({ url: hook(30), headers: headersOf(n) })) },
  {
    limit: "webhookHeaderBytes",
    ask: (on, n) => invoke(on, asynchronous({ url: hook(30), headers: { "X-Long": text(n - "X-Long".length) } })),
  },
  {
    limit: "workflowRunIdCharacters",
    ask: ({ server, key }, n) => server.call("POST", "/v1/workflow/query/result", { key, body: { workflowRunId: text(n) } }),
    within: ({ status }) => status === 404,
  },
  {
    limit: "idempotencyKeyCharacters",
    ask: (on, n, fresh) => invoke(on, { input: {} }, { "Idempotency-Key": `${fresh}`.padEnd(n, "k") }),
  },
  {
    limit: "fileBytes",
    value: SMALL_BYTES,
    ask: (on, n) => invoke(on, { input: { file: { format: "txt", base64_content: Buffer.from(text(n)).toString("base64") } } }),
  },
  { limit: "fileUrlCharacters", ask: (on, n) => invoke(on, { input: { file: { format: "txt", url: hook(n) } } }) },
  {
    limit: "outputBytes",
    value: SMALL_BYTES,
    ask: (on, n) => invoke(on, { input: shortValue(n - JSON.stringify({ value: "" }).length) }),
    within: succeeded,
  },
  {
    limit: "startDelay",
    ask: (on, n) => {
      // A moment is gone before the request is read.
      const at = n >= LIMITS.startDelay.value + 1 ? Date.now() + n + 60_000 : Date.now() + n;
      return invoke(on, { input: {}, isAsync: true }, { "Millrace-Start-At": `${at}` });
    },
    says: `${LIMITS.startDelay.value / 86_400_000} days`,
  },
  { limit: "pageRows", ask: (on, n) => admin(on, "GET", `/api/v1/runs?limit=${n}`) },
  {
    limit: "emailCharacters",
    ask: (on, n, fresh) => {
      const email = `u${fresh}@${`${text(60)}.`.repeat(3)}`;
      return admin(on, "POST", "/api/v1/invitations", { email: `${email}${text(n - email.length)}`, role: "viewer" });
    },
  },
  { limit: "cronCharacters", ask: (on, n) => admin(on, "POST", "/api/v1/schedules", { workflow: "limited", cron: cron(n) }) },
  { limit: "secretNameCharacters", ask: (on, n) => admin(on, "PUT", `/api/v1/secrets/${text(n)}`, { value: text(20) }) },
  { limit: "secretLeastCharacters", least: true, ask: (on, n) => admin(on, "PUT", "/api/v1/secrets/LEAST", shortValue(n)) },
  { limit: "secretCharacters", ask: (on, n) => admin(on, "PUT", "/api/v1/secrets/MOST", shortValue(n)) },
  {
    limit: "connectionHosts",
    ask: (on, n) =>
      admin(on, "PUT", "/api/v1/connections/many", {
        baseUrl: "https://example.com",
        hosts: Array.from({ length: n }, (_, i) => `h${i}.example.com`),
      }),
  },
];
