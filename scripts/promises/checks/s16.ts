import { withDatabase } from "../forms/database.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { asking } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { INVOKE, runIdOf } from "../harness/runs.ts";
import type { Environment } from "../harness/server-process.ts";
import { createTenantKey } from "../harness/tenants.ts";
import { until } from "../harness/until.ts";

/** An approval that is open, a link to it, and what its page sends back. */
interface Asked {
  readonly admin: string;
  readonly id: string;
  readonly token: string;
  readonly proof: string;
}

interface Tallies {
  readonly forged: Tally;
  readonly used: Tally;
  readonly right: Tally;
  readonly looks: Tally;
}

export const s16: Check = {
  id: "S16",
  property:
    "A link to an approval is good for one question of one run, for one person, once and until its time; whatever else is sent decides nothing",
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long, seed }: Effort) {
  const other = await createTenantKey(dataDir, "other", ["admin"]);
  const settings = settingsFor(dataDir);
  const tallies: Tallies = { forged: new Tally(), used: new Tally(), right: new Tally(), looks: new Tally() };
  const server = await startMillrace(settings);
  const hook = await anotherPurpose(server);
  const asked = await Promise.all(
    [ADMIN_KEY, ADMIN_KEY, other].flatMap((admin, n) =>
      Array.from({ length: long ? 10 : 2 }, (_, m) => ask(server, admin, `asks${n}x${m}`)),
    ),
  );
  for (const [n, one] of asked.entries()) await forgeries(server, asked, one, hook, { seed: seed + n, tallies });
  const [first, second, third] = asked as [Asked, Asked, Asked];
  await useTwice(server, first, tallies);
  await useAfterTheEnd(server, second, tallies);
  await server.end("SIGTERM");
  await afterDamage(settings, dataDir, third, tallies);
  const { forged, used, right, looks } = tallies;
  return {
    counts: [
      forged.count("accepted", "links that were cut, changed, put together from two, or made for something else"),
      used.count("accepted", "links that were used before, whose approval had ended, or whose row was gone, changed or another's"),
      looks.count("decided by looking", "looks"),
      right.count("refused", "right links"),
    ],
    operations: { ok: right.tried - right.failed, failed: right.failed, unknown: 0 },
    failures: [...forged.failures, ...used.failures, ...looks.failures, ...right.failures],
  };
}

async function ask(server: Millrace, admin: string, name: string): Promise<Asked> {
  const call = (method: string, path: string, body?: object, headers = {}) =>
    server.call(method, path, { key: admin, headers, ...(body && { body }) });
  await call("POST", "/api/v1/deploy", { document: asking(name), publish: true });
  const run = runIdOf(await call("POST", INVOKE, { input: {}, isAsync: true }, { "Millrace-Workflow": name }));
  let id = "";
  await until("the approval", async () => {
    const { json } = await call("GET", `/api/v1/approvals?run=${run}`);
    id = (json["data"] as { id: string }[])[0]?.id ?? "";
    return id !== "";
  });
  const { json } = await call("POST", `/api/v1/approvals/${id}/links`, { for: "ann@example.org" });
  const token = String(json["url"]).split("/").at(-1) ?? "";
  return { admin, id, token, proof: await proofOf(server, token) };
}

async function proofOf(server: Millrace, token: string): Promise<string> {
  const { text } = await server.call("GET", `/approvals/${token}`);
  return / name="proof" value="([^"]+)"/.exec(text)?.[1] ?? "";
}

/** Tokens that this server made for other things. */
async function anotherPurpose(server: Millrace): Promise<readonly string[]> {
  await server.publish(asking("hooked"));
  const hook = await server.manage("POST", "/api/v1/hooks", { workflow: "hooked" });
  const invitation = await server.manage("POST", "/api/v1/invitations", { email: "ann@example.org", role: "owner" });
  return [ADMIN_KEY, String(hook["url"]).split("/").at(-1) ?? "", String(invitation["url"]).split("#").at(-1) ?? ""];
}

async function forgeries(
  server: Millrace,
  asked: readonly Asked[],
  one: Asked,
  others: readonly string[],
  { seed, tallies }: { readonly seed: number; readonly tallies: Tallies },
): Promise<void> {
  const [payload = "", mac = ""] = one.token.slice("mra_".length).split(".");
  const foreign = asked.find(({ token }) => token !== one.token)?.token ?? "";
  const [foreignPayload = "", foreignMac = ""] = foreign.slice("mra_".length).split(".");
  const [tenant, id, person, expiresAt] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [string, string, string, number];
  const signed = (...values: readonly unknown[]) => `mra_${Buffer.from(JSON.stringify(values)).toString("base64url")}.${mac}`;
  const flipped = (at: number) => `${one.token.slice(0, at)}${one.token[at] === "A" ? "B" : "A"}${one.token.slice(at + 1)}`;
  const forged = [
    ...Array.from({ length: one.token.length }, (_, at) => one.token.slice(0, at)).filter((_, at) => at % 7 === seed % 7),
    ...Array.from({ length: one.token.length }, (_, at) => at)
      .filter((at) => at % 5 === seed % 5)
      .map(flipped),
    `mra_${payload}.${foreignMac}`,
    `mra_${foreignPayload}.${mac}`,
    signed(tenant, id, "bob", expiresAt),
    signed(tenant, id, person, expiresAt + 1),
    signed(tenant === "other" ? "default" : "other", id, person, expiresAt),
    signed(tenant, `${id.slice(0, -1)}9`, person, expiresAt),
    `${one.token}=`,
    one.token.replace("mra_", "mrh_"),
    one.proof,
    ...others,
  ];
  for (const token of forged) {
    if (token === one.token) continue;
    const { status } = await decide(server, token, one.proof);
    const isOpen = (await statusOf(server, one)) === "OPEN";
    tallies.forged.add(status >= 400 && isOpen ? null : `${token}: ${status}`);
  }
  for (const proof of ["", "x", asked.find(({ token }) => token !== one.token)?.proof ?? ""]) {
    const { status } = await decide(server, one.token, proof);
    tallies.forged.add(status === 404 && (await statusOf(server, one)) === "OPEN" ? null : `with the proof ${proof}: ${status}`);
  }
  await server.call("GET", `/approvals/${one.token}?action=approve`);
  tallies.looks.add((await statusOf(server, one)) === "OPEN" ? null : one.id);
}

async function useTwice(server: Millrace, one: Asked, { right, used }: Tallies): Promise<void> {
  const first = await decide(server, one.token, one.proof);
  right.add(first.status === 303 && (await statusOf(server, one)) === "DECIDED" ? null : `${one.id}: ${first.status}`);
  for (const action of ["reject", "timeout", "nothing"]) {
    const { status } = await decide(server, one.token, one.proof, action);
    used.add(status !== 303 && (await statusOf(server, one)) === "DECIDED" ? null : `${action} after approve: ${status}`);
  }
}

async function useAfterTheEnd(server: Millrace, one: Asked, { used }: Tallies): Promise<void> {
  const workflowRunId = one.id.slice(0, one.id.lastIndexOf("-"));
  const { json } = await server.call("GET", `/api/v1/approvals/${one.id}`, { key: one.admin });
  const headers = { "Millrace-Workflow": String(json["workflowId"]) };
  await server.call("POST", "/v1/workflow/run/cancel", { key: one.admin, headers, body: { workflowRunId } });
  const { status } = await decide(server, one.token, one.proof);
  used.add(status !== 303 && (await statusOf(server, one)) === "CANCELLED" ? null : `after a cancellation: ${status}`);
}

/** The row says who may decide: one that was changed or moved is not believed, and without it there is nothing to decide. */
async function afterDamage(settings: Environment, dataDir: string, one: Asked, { used }: Tallies): Promise<void> {
  const where = "WHERE id = ?";
  const damages = [
    ["changed", `UPDATE approvals SET definition = replace(definition, 'Go on', 'Go up') ${where}`],
    ["another tenant's", `UPDATE approvals SET tenant_id = 'nobody' ${where}`],
    ["gone", `DELETE FROM approvals ${where}`],
  ] as const;
  for (const [what, sql] of damages) {
    await withDatabase(dataDir, (database) => database.rows(sql, one.id));
    const server = await startMillrace(settings, { quiet: true });
    const { status } = await decide(server, one.token, one.proof);
    used.add(status >= 400 ? null : `the row was ${what}: ${status}`);
    await server.end("SIGTERM");
  }
}

function decide(server: Millrace, token: string, proof: string, action = "approve") {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ proof, action }).toString();
  return server.call("POST", `/approvals/${encodeURIComponent(token)}`, { headers, body });
}

async function statusOf(server: Millrace, { admin, id }: Asked): Promise<unknown> {
  return (await server.call("GET", `/api/v1/approvals/${id}`, { key: admin })).json["status"];
}
