import { readFileSync } from "node:fs";
import { fillPath, ROUTES } from "@millrace/contract";
import { type Check, Tally } from "../frame/check.ts";
import { OF_AN_EMPTY_ENVIRONMENT } from "../frame/not-on.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import type { Environment } from "../harness/server-process.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MOVE"];

/** Paths that no server should answer, and that many have answered. */
const TEMPTING = [
  "/",
  "/debug",
  "/metrics",
  "/admin",
  "/.env",
  "/.git/config",
  "/server-status",
  "/json/list",
  "/api",
  "/docs",
  "/console",
  "/..%2f..%2fetc%2fpasswd",
];

/** What answers below 400 without a key; anything else that does is news. */
const GOLDEN = new URL("../golden/open-requests.txt", import.meta.url);

/** The secrets of the environment, each in every spelling that a body could hold it in. */
const SECRETS = {
  MILLRACE_ADMIN_KEY: `mr_${"Canary0dminKey".padEnd(40, "x")}`,
  MILLRACE_SECRET_KEY: Buffer.from("canary-of-the-secret-key-32-byte").toString("base64"),
  OPENAI_API_KEY: "sk-canary-of-the-environment",
  HOME_PASSWORD: "canary/of the+environment&2",
};

const LOOPBACK = /^(0100007F|00000000000000000000000001000000):/;

export const s15: Check = {
  id: "S15",
  property: "A start with an empty environment is the safe posture: loopback only, nothing open but what is listed, no secret in any body",
  notOn: OF_AN_EMPTY_ENVIRONMENT,
  // The kernel's own account, in /proc.
  needs: "linux",
  run: () => withDataDir(check),
};

async function check(dataDir: string) {
  const open = new Tally();
  const bound = new Tally();
  const bodies = new Tally();
  const bare = await startMillrace({}, { cwd: dataDir });
  for (const address of listeningAddresses(bare)) bound.add(LOOPBACK.test(address) ? null : `listens on ${address}`);
  const golden = new Set(readFileSync(GOLDEN, "utf8").trim().split("\n"));
  await crawl(bare, undefined, (request, status) => open.add(status < 400 && !golden.has(request) ? `${request} answers ${status}` : null));
  await bare.end("SIGTERM");
  const secretive = await startMillrace({ ...settingsFor(dataDir), ...SECRETS } satisfies Environment);
  const search = (request: string, _status: number, text: string) => {
    const shown = spellings().find(({ value }) => text.includes(value));
    bodies.add(shown === undefined ? null : `${request} shows ${shown.name}`);
  };
  for (const key of [undefined, SECRETS.MILLRACE_ADMIN_KEY]) await crawl(secretive, key, search);
  await secretive.end("SIGTERM");
  return {
    counts: [
      bound.count("not loopback", "listening sockets"),
      open.count("open beyond the list", "requests without a key"),
      bodies.count("with a value of the environment", "answers"),
    ],
    facts: { "on the list": golden.size },
    failures: [...bound.failures, ...open.failures, ...bodies.failures],
  };
}

type See = (request: string, status: number, text: string) => void;

async function crawl(server: Millrace, key: string | undefined, see: See): Promise<void> {
  const values = {
    workflow: "000000000000000000000000",
    run: "none",
    key: "none",
    delivery: "none",
    schedule: "none",
    hook: "none",
    job: "none",
    token: "none",
    secret: "none",
    connection: "none",
    base: "none",
    document: "none",
    models: "none",
    version: "1.0.0",
  };
  const paths = new Set<string>([...ROUTES.map(({ path }) => fillPath(path, values)), ...TEMPTING]);
  for (const path of paths) {
    for (const method of METHODS) {
      const { status, text, headers } = await server.call(method, path, { key, headers: { "X-Canary": "1" } });
      see(`${method} ${path}`, status, `${JSON.stringify(headers)}\n${text}`);
    }
  }
}

/** Local addresses of the process's listening sockets, as the kernel writes them. */
function listeningAddresses({ port }: Millrace): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = "", , state]) => local.endsWith(suffix) && state === "0A")
      .map(([, local = ""]) => local),
  );
}

function spellings(): { name: string; value: string }[] {
  return Object.entries(SECRETS).flatMap(([name, value]) => {
    const bytes = Buffer.from(value);
    const forms = [
      value,
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.toString("hex"),
      encodeURIComponent(value),
      JSON.stringify(value),
    ];
    return forms.map((form) => ({ name, value: form }));
  });
}
