import { fillPath, pathParameters, ROLES, ROUTES, type Role, type Route, type RouteId, roleMay } from "@millrace/contract";
import { allRows, withDatabase } from "../forms/database.ts";
import { type Check, Tally } from "../frame/check.ts";
import { asking, echo } from "../harness/documents.ts";
import { type Caller, joined, keyCaller, type SignedIn } from "../harness/members.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { startReceiver } from "../harness/receiver.ts";
import { ABSENT_IDS, type Ids, NEVER_SOON, ROUTE_ROWS, TOOLS } from "../harness/route-rows.ts";
import { INVOKE, runIdOf } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { createTenantKey } from "../harness/tenants.ts";
import { until } from "../harness/until.ts";

type NamedRoute = Route & { readonly id: RouteId };

/** What belongs to somebody, and the name of the workflow beside its id: both reach it. */
interface Belongings extends Ids {
  readonly name: string;
  /** Of its hook: whoever has it needs no key. */
  readonly token: string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH"];

/** A caller, what is its own, and what is another's. */
interface Principal {
  readonly caller: Caller;
  readonly own: Belongings;
  readonly theirs: Belongings;
}

interface Tallies {
  readonly cells: Tally;
  readonly lists: Tally;
  readonly roles: Tally;
  ok: number;
  failed: number;
  serial: number;
}

/** Of rows that were another's while somebody tried to reach them. */
interface Changes {
  rows: number;
  differing: number;
}

function note(changes: Changes, before: readonly string[], after: readonly string[]): void {
  changes.rows += before.length;
  changes.differing += before.filter((row, n) => row !== after[n]).length + Math.abs(before.length - after.length);
}

const ABSENT: Belongings = { ...ABSENT_IDS, name: "nobodys-workflow", token: "x".repeat(43) };

export const s2: Check = {
  id: "S2",
  property:
    "A key or a session reaches exactly its own tenant and workflows, and does what its role may; everything else answers the same as what does not exist",
  run: () => withDataDir(check),
};

async function check(dataDir: string) {
  const otherKey = await createTenantKey(dataDir, "other", ["admin"]);
  const receiver = await startReceiver();
  receiver.release();
  const server = await startMillrace(settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }));
  const webhook = `http://127.0.0.1:${receiver.port}/`;
  const theirs = await belongings(server, ADMIN_KEY, "theirs-workflow", webhook);
  const others = await belongings(server, otherKey, "others-workflow", webhook);
  const ours = await belongings(server, ADMIN_KEY, "ours-workflow", webhook);
  const roles = await callersOfRoles(server);
  const principals: Principal[] = [
    { caller: keyCaller(server, "admin of another tenant", otherKey), own: others, theirs },
    { caller: await keyOfOneWorkflow(server, ours), own: ours, theirs },
    ...roles.map(({ caller, own }) => ({ caller, own: { ...ours, ...own }, theirs: others })),
  ];
  const tallies: Tallies = { cells: new Tally(), lists: new Tally(), roles: new Tally(), ok: 0, failed: 0, serial: 0 };
  // Before anybody has named it: the audit log shows what its own tenant has asked for.
  for (const one of principals) await listCells(one, tallies);
  const changes: Changes = { rows: 0, differing: 0 };
  for (const one of principals) {
    const before = await storedOf(dataDir, one.theirs);
    await foreignCells(one, tallies);
    note(changes, before, await storedOf(dataDir, one.theirs));
  }
  for (const { caller, role } of roles) await roleCells(caller, role, tallies);
  await ownCells(keyCaller(server, "admin", otherKey), others, tallies);
  await server.end("SIGTERM");
  await receiver.close();
  const { cells, lists, ok, failed } = tallies;
  return {
    counts: [
      cells.count("leaks", "cells (route x key or session x another's id)"),
      lists.count("showing another's rows", "lists"),
      tallies.roles.count("allowed or refused against the table", "cells (route x role x key or session)"),
      { what: "changed by foreign requests", failed: changes.differing, of: changes.rows, tried: "stored rows" },
      {
        what: "without a row in the matrix",
        failed: ROUTES.filter(({ id }) => !Object.hasOwn(ROUTE_ROWS, id)).length,
        of: ROUTES.length,
        tried: "routes",
      },
    ],
    operations: { ok, failed, unknown: 0 },
    failures: [...cells.failures, ...lists.failures, ...tallies.roles.failures],
  };
}

/**
 * A workflow with a run, its delivery, a schedule, a hook, a job and a key, a secret, a connection, a price and imported tools, a knowledge base with a document, a
 * member with a session and an invitation, and an approval that is open, made with an admin key of their tenant.
 */
async function belongings(server: Millrace, admin: string, name: string, webhook: string): Promise<Belongings> {
  const call = (method: string, path: string, body?: object) => server.call(method, path, { key: admin, ...(body && { body }) });
  const deployed = await call("POST", "/api/v1/deploy", { document: echo(name), publish: true });
  const [{ id: workflow } = { id: "" }] = deployed.json["workflows"] as { id: string }[];
  const { json: key } = await call("POST", "/api/v1/keys", { workflows: [workflow], name: `${name}-key` });
  const body = { input: { value: name }, userId: name, isAsync: true, webhook: [{ method: "POST", url: webhook }] };
  const run = runIdOf(await server.call("POST", INVOKE, { key: String(key["key"]), body }));
  let delivery = "";
  await until("the delivery", async () => {
    const { json } = await call("GET", `/api/v1/webhooks/deliveries?run=${run}`);
    const [row] = json["data"] as { id: string; state: string }[];
    delivery = row?.id ?? "";
    return row?.state === "delivered";
  });
  const { json: schedule } = await call("POST", "/api/v1/schedules", { workflow, cron: NEVER_SOON, name: `${name}-schedule` });
  const { json: hook } = await call("POST", "/api/v1/hooks", { workflow, name: `${name}-hook`, methods: METHODS });
  const cancelling = { action: "cancel", filter: { workflow, trigger: "manual" } };
  const { json: job } = await call("POST", "/api/v1/bulk-jobs", cancelling);
  await until("the job", async () => {
    const { json } = await server.call("GET", `/api/v1/bulk-jobs/${String(job["id"])}`, { key: admin });
    return json["state"] === "done";
  });
  const token = String(hook["url"]).split("/").at(-1) ?? "";
  const secret = name.replaceAll("-", "_");
  await call("PUT", `/api/v1/secrets/${secret}`, { value: `the secret of ${name}` });
  await call("PUT", `/api/v1/connections/${name}`, { baseUrl: new URL(webhook).origin });
  const models = `${name}/*`;
  await call("PUT", `/api/v1/prices/${encodeURIComponent(models)}`, { price: { input: "1", output: "1" } });
  await call("PUT", `/api/v1/tools/${name}`, { connection: name, document: TOOLS });
  const member = await joined(server, admin, `${name}@example.com`, "viewer");
  const { json: invitation } = await call("POST", "/api/v1/invitations", { email: `${name}-invited@example.com`, role: "viewer" });
  const approval = await askedOf(server, admin, name);
  const started = { approval, schedule: String(schedule["id"]), hook: String(hook["id"]), job: String(job["id"]), token };
  const { json: budget } = await call("PUT", "/api/v1/budgets", { user: name, period: "total", credits: "1000000" });
  const { json: alert } = await call("POST", "/api/v1/alerts", { kind: "budget", channel: { kind: "webhook", url: webhook } });
  const { json: devKey } = await call("POST", "/api/v1/dev-keys", { name });
  const { json: share } = await call("POST", `/api/v1/runs/${run}/shares`, {});
  const sealed = { secret, connection: name, models, budget: String(budget["id"]), collection: name };
  const { json: base } = await call("POST", "/api/v1/knowledge", { name: `${name}-base` });
  const { json: document } = await call("POST", `/api/v1/knowledge/${String(base["id"])}/documents`, { name: `${name}.md`, text: name });
  const knowledge = { base: String(base["id"]), document: String(document["id"]) };
  const ids = {
    workflow,
    run,
    share: String(share["id"]),
    key: String(key["id"]),
    delivery,
    ...started,
    ...sealed,
    ...knowledge,
    alert: String(alert["id"]),
    invitation: String(invitation["id"]),
    devKey: String(devKey["devKey"]),
  };
  return { ...ids, name, member: member.memberId, session: await sessionOf(member) };
}

/** Id of what a run of another workflow asks. */
async function askedOf(server: Millrace, admin: string, name: string): Promise<string> {
  const asks = `${name}-asks`;
  await server.call("POST", "/api/v1/deploy", { key: admin, body: { document: asking(asks), publish: true } });
  const headers = { "Millrace-Workflow": asks };
  const run = runIdOf(await server.call("POST", INVOKE, { key: admin, headers, body: { input: {}, isAsync: true } }));
  let id = "";
  await until("the approval", async () => {
    const { json } = await server.call("GET", `/api/v1/approvals?run=${run}`, { key: admin });
    id = (json["data"] as { id: string }[])[0]?.id ?? "";
    return id !== "";
  });
  return id;
}

async function sessionOf(member: SignedIn): Promise<string> {
  const { json } = await member.call("GET", "/api/v1/sessions");
  return (json["data"] as { id: string; current: boolean }[]).find(({ current }) => current)?.id ?? "";
}

interface OfRole {
  readonly caller: Caller;
  readonly role: Role;
  readonly own: Partial<Ids>;
}

/** For each role a session and an admin key. */
async function callersOfRoles(server: Millrace): Promise<OfRole[]> {
  const callers = ROLES.map(async (role): Promise<OfRole[]> => {
    const member = await joined(server, ADMIN_KEY, `${role}@example.com`, role);
    const { key } = await server.manage("POST", "/api/v1/keys", { workflows: [], scopes: ["admin"], role });
    const session = { caller: member, role, own: { session: await sessionOf(member) } };
    return [session, { caller: keyCaller(server, `admin key of a ${role}`, String(key)), role, own: {} }];
  });
  return (await Promise.all(callers)).flat();
}

/** A key for the one workflow, with every scope that such a key may have. */
async function keyOfOneWorkflow(server: Millrace, own: Belongings): Promise<Caller> {
  const scopes = ["invoke", "query", "draft", "version"];
  const { key } = await server.manage("POST", "/api/v1/keys", { workflows: [own.workflow], scopes });
  return keyCaller(server, "key of another workflow", String(key));
}

async function listCells({ caller, own, theirs }: Principal, tallies: Tallies): Promise<void> {
  for (const route of ROUTES) {
    // Signing out would end the very session that asks.
    if (ROUTE_ROWS[route.id].ids.length > 0 || route.id === "signOut") continue;
    const { text } = await call(route, caller, own, tallies);
    const shown = Object.values(theirs).find((id) => text.includes(id));
    tallies.lists.add(shown === undefined ? null : `${caller.who}: ${route.id} shows ${shown}`);
  }
}

async function foreignCells({ caller, own, theirs }: Principal, tallies: Tallies): Promise<void> {
  for (const route of ROUTES) {
    for (const kind of ROUTE_ROWS[route.id].ids) {
      for (const from of kind === "workflow" ? (["workflow", "name"] as const) : [kind]) {
        const foreign = await call(route, caller, { ...own, [kind]: theirs[from] }, tallies);
        const absent = await call(route, caller, { ...own, [kind]: ABSENT[from] }, tallies);
        const [seen, expected] = [withoutId(foreign, theirs[from]), withoutId(absent, ABSENT[from])];
        tallies.cells.add(
          seen === expected ? null : `${caller.who}: ${route.id} of another's ${from}: ${seen}, of an absent one: ${expected}`,
        );
      }
    }
  }
}

/** Each route with ids of nobody: what the role may is looked for and not found, what it may not is refused before. */
async function roleCells(caller: Caller, role: Role, tallies: Tallies): Promise<void> {
  const ofKey = !caller.who.startsWith("session");
  for (const route of ROUTES) {
    const { permission, path, auth } = route as Route;
    if (permission === undefined || !path.startsWith("/api/") || route.id === "signOut" || (ofKey && auth === "session")) continue;
    const { json, status } = await call(route, caller, ABSENT, tallies);
    const isRefused = status === 403 && json["type"] === "/errors/role";
    const isFine = isRefused === !roleMay(role, permission) && (isRefused || status < 500);
    tallies.roles.add(isFine ? null : `${caller.who}: ${route.id}, which needs ${permission}, answers ${status}`);
  }
}

/** Its own, to show that the matrix asks for what would be granted; what deletes comes last. */
async function ownCells(caller: Caller, own: Belongings, tallies: Tallies): Promise<void> {
  const last = (id: RouteId) => (id === "deleteWorkflow" ? 2 : id.startsWith("delete") ? 1 : 0);
  for (const route of ROUTES.toSorted((a, b) => last(a.id) - last(b.id))) {
    if (route.auth === "session" || BEGINS_A_SESSION.has(route.id)) continue;
    const { status } = await call(route, caller, own, tallies);
    if (status < 300) tallies.ok += 1;
    else tallies.failed += 1;
  }
}

/** They take a secret that no matrix has. */
const BEGINS_A_SESSION: ReadonlySet<RouteId> = new Set(["setUp", "signIn", "signInByLink", "signInLocally", "acceptInvitation"]);

function call(route: NamedRoute, caller: Caller, ids: Ids, tallies: Tallies): Promise<Answer> {
  tallies.serial += 1;
  const { query = "", ...request } = ROUTE_ROWS[route.id].request(ids, tallies.serial);
  const values = { ...ids, version: "1.0.0", entry: "1", value: "input", backup: "none.tgz", template: "review-digest" };
  const unknown = pathParameters(route.path).find((name) => !Object.hasOwn(values, name));
  if (unknown !== undefined) throw new Error(`the matrix has no value for {${unknown}} of ${route.path}`);
  return caller.call(route.method, fillPath(route.path, values) + query, request);
}

/** Everything that a client sees, but for what names the request itself. */
function withoutId({ status, headers, text }: Answer, id: string): string {
  const { date: _date, "x-request-id": requestId = "", "content-length": _length, ...rest } = headers;
  // The path of the request, which errors repeat, has it as a path does.
  const spelled = text.replaceAll(id, "ID").replaceAll(encodeURIComponent(id), "ID");
  return JSON.stringify([status, rest, spelled.replaceAll(String(requestId), "REQUEST")]);
}

/** What a request leaves behind by itself: the log of what was asked for, and when a key or a session was last used. */
const TRACES = ["audit_log"];

/** Every stored row that names what is theirs. */
async function storedOf(
  dataDir: string,
  { workflow, run, key, member, invitation, session, schedule, hook, approval, job, secret }: Belongings,
): Promise<string[]> {
  const theirs = [workflow, run, key, member, invitation, session, schedule, hook, approval, job, secret];
  const rows = await withDatabase(dataDir, allRows);
  return rows
    .filter(({ table }) => !TRACES.includes(table))
    .map(({ table, row: { last_used_at: _, last_used_from: __, ...row } }) => `${table} ${JSON.stringify(row)}`)
    .filter((text) => theirs.some((id) => text.includes(id)))
    .sort();
}
