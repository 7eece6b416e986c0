import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type Check, Tally } from "../frame/check.ts";
import { runCli } from "../harness/cli.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { straceProblem, TRACEABLE } from "../harness/strace.ts";
import { until } from "../harness/until.ts";
import { type HostileFile, hostileFiles } from "../hostile/files.ts";

const WORST_MS = 1_000;
/** The first of so many that is below the limit says that nothing but the machine was slow. */
const REPEATS = 3;
/** The exit status of a file that is not valid. */
const NO = 3;
/** Nobody listens there; whoever connects is seen all the same. */
const CANARY = "http://127.0.0.1:9/canary";

export const s9: Check = {
  id: "S9",
  property: "Validating, importing and publishing a workflow executes nothing and connects nowhere, whatever its file holds",
  needs: "linux",
  missing: straceProblem,
  timed: true,
  run: () => withDataDir(check),
};

/** A program and its arguments that write down every start of a program and every connection of what runs under them. */
function tracer(log: string): string[] {
  return ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=execve,connect", "-o", log];
}

async function check(dataDir: string) {
  const files = hostileFiles(CANARY);
  const broken = new Tally();
  const slow = new Tally();
  const log = join(dataDir, "server.strace");
  const settings = settingsFor(dataDir, { ...TRACEABLE, MILLRACE_LOG_LEVEL: "silent" });
  const server = await startMillrace(settings, { under: tracer(log) });
  // A server that rests starts the process of its sandbox by itself.
  await until("a sandbox", () => callsIn(log).some((call) => call.includes("--permission")));
  const before = callsIn(log).length;
  let worstMs = 0;
  for (const file of files) {
    const ms = await fastest(server, file, broken);
    worstMs = Math.max(worstMs, ms);
    slow.add(ms <= WORST_MS ? null : `${file.name}: ${Math.round(ms)} ms`);
  }
  const ofServer = callsIn(log).slice(before);
  await server.end("SIGTERM");
  const ofCli = await validateAll(dataDir, files, broken);
  const calls = [...ofServer, ...ofCli];
  const spawns = calls.filter((call) => call.includes("execve("));
  const connects = calls.filter((call) => call.includes("connect("));
  return {
    counts: [
      { what: "programs started", failed: spawns.length, of: files.length, tried: "hostile files" },
      { what: "connections", failed: connects.length, of: files.length, tried: "hostile files" },
      broken.count("without an answer that is documented", "requests and commands"),
      slow.count("that took more than a second", "files, validated, imported and published"),
    ],
    facts: { "slowest, ms": Math.round(worstMs) },
    failures: [...calls.slice(0, 5), ...broken.failures, ...slow.failures],
  };
}

/** Longest of the ways that a file takes into a server. */
async function fastest(server: Millrace, { name, text }: HostileFile, broken: Tally): Promise<number> {
  const ways = [
    { path: "/api/v1/import?publish=true", body: text },
    { path: "/api/v1/import", body: text },
    { path: "/api/v1/validate", body: `{"document":${text}}` },
  ];
  let longest = 0;
  for (const { path, body } of ways) {
    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < REPEATS && best > WORST_MS; repeat++) {
      const began = performance.now();
      const { status } = await server.call("POST", path, { key: ADMIN_KEY, body });
      best = Math.min(best, performance.now() - began);
      broken.add(status < 500 ? null : `${path} with ${name}: ${status}`);
    }
    longest = Math.max(longest, best);
  }
  return longest;
}

/** What the command line calls over it, besides starting itself. */
async function validateAll(dataDir: string, files: readonly HostileFile[], broken: Tally): Promise<string[]> {
  const folder = join(dataDir, "hostile");
  const log = join(dataDir, "cli.strace");
  mkdirSync(folder);
  for (const [n, { text }] of files.entries()) writeFileSync(join(folder, `hostile${n}.${text.startsWith("{") ? "json" : "yaml"}`), text);
  const { code, stderr } = await runCli(["validate", folder], { HOME: dataDir, ...TRACEABLE }, tracer(log));
  broken.add(code === NO ? null : `validate ended with ${code}: ${stderr.slice(0, 300)}`);
  return callsIn(log).slice(1);
}

function callsIn(log: string): string[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => /execve\(|connect\(/.test(line));
}
