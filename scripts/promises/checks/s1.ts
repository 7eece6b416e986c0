import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ROUTES, type Route } from "@millrace/contract";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { chance } from "../harness/chance.ts";
import { echo } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { eachAtOnce, invoke } from "../harness/runs.ts";

const FORM = /^mr_[A-Za-z0-9_-]{40}$/;

const KEYS = 20;

/** Beyond it, the times of two kinds of wrong keys differ by more than chance. */
const MAX_T = 4.5;

/** A revoked key is refused after this long at the latest, however busy it is. */
const MAX_REVOKE_MS = 1_000;
const REVOKE_LOAD = 8;

export const s1: Check = {
  id: "S1",
  property:
    "Keys are shown once and kept as a hash, a wrong one takes as long however much of it is right, and a revoked one is refused within a second",
  timed: true,
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, effort: Effort) {
  // Wrong keys come from many addresses, so that none is told to wait.
  const server = await startMillrace(settingsFor(dataDir, { MILLRACE_LOG_LEVEL: "debug", MILLRACE_TRUSTED_PROXIES: "127.0.0.1" }));
  const { id: workflow, key: busy } = await server.publish(echo("keys"));
  const keys = [busy];
  const forms = new Tally();
  for (let n = 0; n < KEYS; n++) {
    const made = await server.manage("POST", "/api/v1/keys", { workflows: [workflow], name: `key ${n}` });
    const rotated = await server.manage("POST", `/api/v1/keys/${made["id"]}/rotate`, {});
    keys.push(String(made["key"]), String(rotated["key"]));
  }
  for (const key of keys) forms.add(FORM.test(key) ? null : `${key.slice(0, 6)}… is no key`);
  const { answers, bytes } = await readEverything(server, keys);
  const t = Math.abs(await timing(server, busy, effort));
  const revoke = await revokeUnderLoad(server, busy);
  await server.end("SIGTERM");
  const files = filesOf(dataDir);
  const search = new Tally();
  for (const { place, text } of [...answers, ...files, { place: "the log", text: server.log.join("\n") }])
    search.add(keys.some((key) => text.includes(key)) ? `${place} holds a key` : null);
  return {
    counts: [
      forms.count("of another form", "keys"),
      search.count("holding a key", "answers, files and logs"),
      { what: "told apart by time", failed: t < MAX_T ? 0 : 1, of: 1, tried: "pair of kinds of wrong keys" },
      { what: "answered after the revocation", failed: revoke.late, of: revoke.calls, tried: "calls" },
    ],
    facts: {
      "bytes searched": bytes + files.reduce((sum, { text }) => sum + text.length, 0),
      "|t|": t.toFixed(2),
      "ms until a revoked key was refused": Math.round(revoke.afterMs),
    },
    operations: { ok: revoke.ok, failed: 0, unknown: 0 },
    failures: [...forms.failures, ...search.failures],
  };
}

interface Place {
  readonly place: string;
  readonly text: string;
}

/** Everything that the server shows to whoever may see the most, and to whoever has the keys. */
async function readEverything(server: Millrace, keys: readonly string[]): Promise<{ answers: Place[]; bytes: number }> {
  const lists = (ROUTES as readonly Route[]).filter(({ method, path }) => method === "GET" && !path.includes("{"));
  const answers: Place[] = [];
  for (const { path } of lists) answers.push({ place: path, text: (await server.call("GET", path, { key: ADMIN_KEY })).text });
  for (const key of keys) {
    for (const path of ["/v1/api-key/verify", "/api/v1/whoami", "/nowhere"])
      answers.push({ place: path, text: (await server.call("GET", path, { key })).text });
    answers.push({ place: "invoke", text: (await invoke(server, key, { input: {} })).text });
    answers.push({ place: "a refusal", text: (await invoke(server, `${key}x`, {})).text });
  }
  return { answers, bytes: answers.reduce((sum, { text }) => sum + text.length, 0) };
}

function filesOf(dataDir: string): Place[] {
  const entries = readdirSync(dataDir, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => ({ place: name, text: readFileSync(join(parentPath, name), "latin1") }));
}

/** Welch's t of the times that two kinds of wrong keys take: nothing right, and all but the last character. */
async function timing(server: Millrace, key: string, { long, seed }: Effort): Promise<number> {
  const samples = long ? 10_000 : 1_000;
  const next = chance(seed);
  const near = (n: number) => key.slice(0, -1) + (key.endsWith("A") ? "B" : "A") + String(n % 10);
  const far = (n: number) => `mr_${String(n).padStart(41, "z")}`;
  const times: { readonly near: number[]; readonly far: number[] } = { near: [], far: [] };
  for (let n = 0; n < samples * 2; n++) {
    // In no order that the machine's moods could follow.
    const kind = next() < 0.5 ? "near" : "far";
    const wrong = kind === "near" ? near(n) : far(n);
    const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
    const began = performance.now();
    await server.call("GET", "/v1/api-key/verify", { key: wrong, headers: { "X-Forwarded-For": from } });
    times[kind].push(performance.now() - began);
  }
  return welch(fastest(times.near), fastest(times.far));
}

/** What was interrupted says nothing of the comparison: the slowest tenth is left out of both. */
function fastest(times: readonly number[]): readonly number[] {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted.slice(0, Math.floor(sorted.length * 0.9));
}

function welch(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: readonly number[], center: number) =>
    values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  const [a, b] = [mean(left), mean(right)];
  return (a - b) / Math.sqrt(variance(left, a) / left.length + variance(right, b) / right.length);
}

/** Calls that began later than a second after the revocation was answered must be refused. */
async function revokeUnderLoad(server: Millrace, key: string) {
  const { data } = (await server.manage("GET", "/api/v1/keys")) as { data: { id: string; hint: string }[] };
  const id = data.find(({ hint }) => hint === `${key.slice(0, 6)}…${key.slice(-4)}`)?.id ?? "";
  let revokedAt = Number.POSITIVE_INFINITY;
  let lastOk = 0;
  let [ok, late, calls] = [0, 0, 0];
  const stopAt = () => revokedAt + 2 * MAX_REVOKE_MS;
  const caller = async (): Promise<void> => {
    while (performance.now() < stopAt()) {
      const began = performance.now();
      const { status } = await invoke(server, key, { input: {} });
      calls += 1;
      if (status !== 200) continue;
      ok += 1;
      lastOk = Math.max(lastOk, began);
      if (began > revokedAt + MAX_REVOKE_MS) late += 1;
    }
  };
  const load = eachAtOnce(Array.from({ length: REVOKE_LOAD }), REVOKE_LOAD, caller);
  while (ok < 200) await new Promise((resolve) => setImmediate(resolve));
  await server.manage("DELETE", `/api/v1/keys/${id}`).catch(() => undefined);
  revokedAt = performance.now();
  await load;
  return { ok, late, calls, afterMs: Math.max(0, lastOk - revokedAt) };
}
