import { Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import type { Millrace } from "../harness/millrace.ts";
import { eachAtOnce, invoke, runIdOf } from "../harness/runs.ts";
import { until } from "../harness/until.ts";
import { type RawReceiver, type RawRequest, startRawReceiver } from "./raw-receiver.ts";

/** A webhook by which somebody tries to write more than one request, or headers that are not theirs. */
interface Hostile {
  readonly headers?: { readonly [name: string]: string };
  /** Behind the path. */
  readonly suffix?: string;
}

export interface HostileFigure {
  readonly requests: Tally;
  readonly headers: Tally;
  readonly refused: number;
  readonly sent: number;
}

/** Each is refused, or never sent, or sent as one request with the header lines that are due and no other. */
export async function tryHostileTargets(server: Millrace): Promise<HostileFigure> {
  const receiver = await startRawReceiver();
  const { key } = await server.publish(echo("hostile-webhooks"));
  const [requests, headers] = [new Tally(), new Tally()];
  let refused = 0;
  await eachAtOnce(HOSTILE, 8, async (hostile, n) => {
    const attempted = await deliver(server, key, receiver, hostile, n);
    if (!attempted) refused += 1;
    const sent = receiver.requests.filter(({ line }) => line.includes(`/t${n}-`));
    const name = JSON.stringify(hostile).slice(0, 120);
    requests.add(sent.length <= 1 && !sent.some(({ rubbish }) => rubbish) ? null : `${name}: ${sent.map(({ line }) => line).join(" | ")}`);
    const faults = sent.flatMap((request) => foreignFields(request));
    headers.add(faults.length === 0 ? null : `${name}: ${faults.join(" | ")}`);
  });
  receiver.close();
  const strange = receiver.requests.filter(({ line }) => !/ \/t\d+-/.test(line));
  if (strange.length > 0) requests.add(`requests of nobody: ${strange.map(({ line }) => line).join(" | ")}`);
  return { requests, headers, refused, sent: receiver.requests.length };
}

/** False: refused. Else it was attempted once, whatever came of it. */
async function deliver(
  server: Millrace,
  key: string,
  { port }: RawReceiver,
  { headers = {}, suffix = "" }: Hostile,
  n: number,
): Promise<boolean> {
  const webhook = [{ method: "POST", url: `http://127.0.0.1:${port}/t${n}-${suffix}`, headers }];
  const accepted = await invoke(server, key, { input: { value: n }, isAsync: true, webhook });
  if (accepted.status === 400) return false;
  const run = runIdOf(accepted);
  await until(`an attempt of trick ${n}`, async () => {
    const { data } = await server.manage("GET", `/api/v1/webhooks/deliveries?run=${run}`);
    const [row] = data as unknown as { attemptCount: number }[];
    return (row?.attemptCount ?? 0) > 0;
  });
  return true;
}

const EVIL = /^x-evil\b/i;

/** Header lines that nobody may write but the server, or that came out of a value; each of the server's own comes once. */
function foreignFields({ fields }: RawRequest): string[] {
  const names = fields.map((field) => field.split(":")[0]?.toLowerCase() ?? "");
  const framing = fields.filter((field) => /^(te|trailer|transfer-encoding|upgrade|expect|keep-alive|proxy-[a-z]+) *:/i.test(field));
  const twice = OWN.filter((name) => names.filter((one) => one === name).length !== 1);
  return [...fields.filter((field) => EVIL.test(field) || /: *evil$/i.test(field)), ...framing, ...twice];
}

const OWN = ["host", "content-length", "connection", "webhook-id", "webhook-timestamp", "webhook-signature"];

const BREAKS = ["\r\n", "\n", "\r", "\0", "\u560a", "\u0a0d", "\u2028", "\u0085", "%0d%0a", "\\r\\n"];
const IGNORED = [
  ...OWN,
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "proxy-authorization",
  "proxy-connection",
];
const spellings = (name: string): string[] => [name, name.toUpperCase(), name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())];

const HOSTILE: readonly Hostile[] = [
  {},
  ...BREAKS.flatMap((broken): Hostile[] => [
    { headers: { "X-Value": `a${broken}X-Evil: 1` } },
    { headers: { "X-Value": `a${broken}${broken}POST /evil HTTP/1.1${broken}X-Evil: 1${broken}${broken}` } },
    { headers: { [`X-Name${broken}X-Evil`]: "1" } },
    { suffix: `path${broken}X-Evil: 1` },
    { suffix: `?query=${broken}X-Evil: 1` },
    { suffix: ` HTTP/1.1${broken}X-Evil: 1${broken}${broken}POST /evil` },
  ]),
  ...["", " ", "X Evil", "X-Evil:", ":X-Evil", "X-Evil\t", "X-Ünlaut", "(X-Evil)"].map((name) => ({ headers: { [name]: "1" } })),
  ...IGNORED.flatMap((name) => spellings(name).map((spelled) => ({ headers: { [spelled]: "evil" } }))),
  { headers: { "X-Twice": "1", "x-twice": "2" } },
  { headers: { "X-Long": "a".repeat(1_048_576) } },
  { headers: Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`X-${n}`, "1"])) },
];
