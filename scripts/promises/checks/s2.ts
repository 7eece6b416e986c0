import { fillPath, pathParameters, ROUTES, type Route, type RouteId } from "@millrace/contract";
import { type Check, Tally } from "../frame/check.ts";
import { rowsOf, tablesOf, withDatabase } from "../harness/database.ts";
import { echo } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { startReceiver } from "../harness/receiver.ts";
import { type IdKind, type Ids, ROUTE_ROWS } from "../harness/route-rows.ts";
import { INVOKE, runIdOf } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { createTenantKey } from "../harness/tenants.ts";
import { until } from "../harness/until.ts";

/** What belongs to somebody, and the name of the workflow beside its id: both reach it. */
interface Belongings extends Ids {
  readonly name: string;
}

/** A caller and what is its own. */
interface Principal {
  readonly who: string;
  readonly key: string;
  readonly own: Belongings;
}

interface Tallies {
  readonly cells: Tally;
  readonly lists: Tally;
  ok: number;
  failed: number;
  serial: number;
}

const ABSENT: { readonly [Kind in IdKind | "name"]: string } = {
  workflow: "0123456789abcdef01234567",
  run: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
  key: "76543210fedcba9876543210",
  delivery: "msg_01a0c4506c647b219f0e5d2c8a6b4e10_0",
  secret: "NOBODYS_SECRET",
  connection: "nobodys-connection",
  name: "nobodys-workflow",
};

export const s2: Check = {
  id: "S2",
  property: "A key reaches exactly its own tenant and workflows; everything else answers the same as what does not exist",
  run: () => withDataDir(check),
};

async function check(dataDir: string) {
  const otherKey = await createTenantKey(dataDir, "other", ["admin"]);
  const receiver = await startReceiver();
  receiver.release();
  const server = await startMillrace(settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }));
  const webhook = `http://127.0.0.1:${receiver.port}/`;
  const theirs = await belongings(server, ADMIN_KEY, "theirs-workflow", webhook);
  const principals = [
    await principal(server, "admin of another tenant", otherKey, webhook),
    await keyOfOneWorkflow(server, await principal(server, "key of another workflow", ADMIN_KEY, webhook)),
  ];
  const tallies: Tallies = { cells: new Tally(), lists: new Tally(), ok: 0, failed: 0, serial: 0 };
  const before = storedOf(dataDir, theirs);
  for (const one of principals) await foreignCells(server, one, theirs, tallies);
  const after = storedOf(dataDir, theirs);
  const [admin] = principals;
  if (admin) await ownCells(server, admin, tallies);
  await server.end("SIGTERM");
  await receiver.close();
  const differing = before.filter((row, n) => row !== after[n]).length + Math.abs(before.length - after.length);
  const { cells, lists, ok, failed } = tallies;
  return {
    counts: [
      cells.count("leaks", "cells (route x key x another's id)"),
      lists.count("showing another's rows", "lists"),
      { what: "changed by foreign requests", failed: differing, of: before.length, tried: "stored rows" },
      {
        what: "without a row in the matrix",
        failed: ROUTES.filter(({ id }) => !Object.hasOwn(ROUTE_ROWS, id)).length,
        of: ROUTES.length,
        tried: "routes",
      },
    ],
    operations: { ok, failed, unknown: 0 },
    failures: [...cells.failures, ...lists.failures],
  };
}

/** A workflow with a run, its delivery and a key, a secret and a connection, made with an admin key of its tenant. */
async function belongings(server: Millrace, admin: string, name: string, webhook: string): Promise<Belongings> {
  const deployed = await server.call("POST", "/api/v1/deploy", { key: admin, body: { document: echo(name), publish: true } });
  const [{ id: workflow } = { id: "" }] = deployed.json["workflows"] as { id: string }[];
  const { json: key } = await server.call("POST", "/api/v1/keys", { key: admin, body: { workflows: [workflow], name: `${name}-key` } });
  const body = { input: { value: name }, userId: name, isAsync: true, webhook: [{ method: "POST", url: webhook }] };
  const run = runIdOf(await server.call("POST", INVOKE, { key: String(key["key"]), body }));
  let delivery = "";
  await until("the delivery", async () => {
    const { json } = await server.call("GET", `/api/v1/webhooks/deliveries?run=${run}`, { key: admin });
    const [row] = json["data"] as { id: string; state: string }[];
    delivery = row?.id ?? "";
    return row?.state === "delivered";
  });
  const secret = name.replaceAll("-", "_");
  await server.call("PUT", `/api/v1/secrets/${secret}`, { key: admin, body: { value: `the secret of ${name}` } });
  await server.call("PUT", `/api/v1/connections/${name}`, { key: admin, body: { baseUrl: new URL(webhook).origin } });
  return { name, workflow, run, key: String(key["id"]), delivery, secret, connection: name };
}

async function principal(server: Millrace, who: string, admin: string, webhook: string): Promise<Principal> {
  return { who, key: admin, own: await belongings(server, admin, `own-${who.replaceAll(" ", "-")}`, webhook) };
}

/** The same with a key for the one workflow, with every scope that such a key may have. */
async function keyOfOneWorkflow(server: Millrace, { who, own }: Principal): Promise<Principal> {
  const scopes = ["invoke", "query", "draft", "version"];
  const { key } = await server.manage("POST", "/api/v1/keys", { workflows: [own.workflow], scopes });
  return { who, key: String(key), own };
}

async function foreignCells(server: Millrace, { who, key, own }: Principal, theirs: Belongings, tallies: Tallies): Promise<void> {
  for (const route of ROUTES) {
    const { ids } = ROUTE_ROWS[route.id];
    if (ids.length === 0) {
      const { text } = await call(server, route, key, own, tallies);
      const shown = Object.values(theirs).find((id) => text.includes(id));
      tallies.lists.add(shown === undefined ? null : `${who}: ${route.id} shows ${shown}`);
    }
    for (const kind of ids) {
      for (const from of kind === "workflow" ? (["workflow", "name"] as const) : [kind]) {
        const foreign = await call(server, route, key, { ...own, [kind]: theirs[from] }, tallies);
        const absent = await call(server, route, key, { ...own, [kind]: ABSENT[from] }, tallies);
        const [seen, expected] = [withoutId(foreign, theirs[from]), withoutId(absent, ABSENT[from])];
        tallies.cells.add(seen === expected ? null : `${who}: ${route.id} of another's ${from}: ${seen}, of an absent one: ${expected}`);
      }
    }
  }
}

/** Its own, to show that the matrix asks for what would be granted; what deletes comes last. */
async function ownCells(server: Millrace, { key, own }: Principal, tallies: Tallies): Promise<void> {
  const last = (id: RouteId) => (id.startsWith("delete") ? 1 : 0);
  for (const route of ROUTES.toSorted((a, b) => last(a.id) - last(b.id))) {
    const { status } = await call(server, route, key, own, tallies);
    if (status < 300) tallies.ok += 1;
    else tallies.failed += 1;
  }
}

function call(server: Millrace, route: Route & { readonly id: RouteId }, key: string, ids: Ids, tallies: Tallies): Promise<Answer> {
  tallies.serial += 1;
  const { query = "", ...request } = ROUTE_ROWS[route.id].request(ids, tallies.serial);
  const values = { ...ids, version: "1.0.0" };
  const unknown = pathParameters(route.path).find((name) => !Object.hasOwn(values, name));
  if (unknown !== undefined) throw new Error(`the matrix has no value for {${unknown}} of ${route.path}`);
  return server.call(route.method, fillPath(route.path, values) + query, { key, ...request });
}

/** Everything that a client sees, but for what names the request itself. */
function withoutId({ status, headers, text }: Answer, id: string): string {
  const { date: _date, "x-request-id": requestId = "", "content-length": _length, ...rest } = headers;
  return JSON.stringify([status, rest, text.replaceAll(id, "ID").replaceAll(String(requestId), "REQUEST")]);
}

/** Every stored row that names what is theirs. When a key was last used is no difference. */
function storedOf(dataDir: string, { workflow, run, key, secret }: Belongings): string[] {
  return withDatabase(dataDir, (database) =>
    tablesOf(database).flatMap((table) =>
      rowsOf(database, table)
        .map(({ last_used_at: _, ...row }) => `${table} ${JSON.stringify(row)}`)
        .filter((text) => [workflow, run, key, secret].some((id) => text.includes(id))),
    ),
  );
}
