import { fillPath, isJsonObject, type JsonObject, ROUTES, type Route, type RouteId } from "@millrace/contract";
import { allRows, type Database, withDatabase } from "../forms/database.ts";
import { type Check, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { ADMIN_KEY, type Millrace, withMillrace } from "../harness/millrace.ts";
import { ABSENT_IDS, type Ids, ROUTE_ROWS } from "../harness/route-rows.ts";
import { eachAtOnce } from "../harness/runs.ts";

/** What the server never writes by itself: where it turns up, a request has set a field. */
const TEXT = "SetByTheClient";
const NUMBER = 4_242_424_242_424;

/** Columns that hold what a client wrote, as it wrote it. */
const CLIENT_OWNED = [
  "workflows.document",
  "versions.canonical",
  "versions.layout",
  "journal.text",
  "journal.hash",
  "schedules.definition",
  "hooks.definition",
  "bulk_jobs.definition",
];

/** Names of the wire for what the server decides, beside the columns. */
const WIRE_NAMES = [
  "workflowRunId",
  "workflowVersion",
  "totalCost",
  "totalTokens",
  "workflowExecutionTime",
  "startTime",
  "endTime",
  "output",
  "error",
];

const AT_ONCE = 8;

export const s3: Check = {
  id: "S3",
  property: "No request can set a field that belongs to the server",
  run: () => withMillrace({}, check),
};

async function check(server: Millrace, dataDir: string) {
  const { id, key } = await server.publish(echo("own"));
  const { json } = await server.call("POST", "/v1/workflow/invoke", { key, body: { input: {} } });
  const ids: Ids = { ...ABSENT_IDS, workflow: id, run: String(json["workflowRunId"]) };
  const columns = await withDatabase(dataDir, async (database) => {
    const all = new Set<string>();
    for (const table of await database.tables()) for (const column of await database.columns(table)) all.add(column);
    return [...all];
  });
  const fields = columns.flatMap((column) => [...new Set([column, camelCase(column)])]);
  const requests = ROUTES.filter(hasJsonBody).flatMap((route) => requestsOf(route, ids, [...fields, ...WIRE_NAMES]));
  const broken = new Tally();
  await eachAtOnce(requests, AT_ONCE, async ({ route, body, field }) => {
    const path = fillPath(route.path, { ...ids, version: "1.0.0", token: "none" });
    const headers = { "Millrace-Workflow": id };
    const { status, text } = await server.call(route.method, path, { key: ADMIN_KEY, headers, body });
    broken.add(status < 500 ? null : `${route.id} with ${field}: ${status} ${text}`);
  });
  const values = await withDatabase(dataDir, findSet);
  return {
    counts: [
      { what: "set", failed: values.length, of: requests.length, tried: "fields x routes, flat and nested" },
      broken.count("answered 5xx", "requests"),
    ],
    facts: { routes: new Set(requests.map(({ route }) => route.id)).size, fields: fields.length + WIRE_NAMES.length },
    failures: [...values, ...broken.failures],
  };
}

type NamedRoute = Route & { readonly id: RouteId };

function hasJsonBody({ body }: NamedRoute): boolean {
  return body !== undefined && (body.contentTypes ?? ["application/json"]).includes("application/json");
}

interface FieldRequest {
  readonly route: NamedRoute;
  readonly field: string;
  readonly body: JsonObject;
}

let serial = 1_000_000;

/** The route's good request, with the field beside its members and inside each of them, as a text and as a number. */
function requestsOf(route: NamedRoute, ids: Ids, fields: readonly string[]): FieldRequest[] {
  const { properties = {} } = (route.body?.schema ?? {}) as { readonly properties?: object };
  const theServers = fields.filter((field) => !Object.hasOwn(properties, field));
  return theServers.flatMap((field) =>
    [TEXT, NUMBER].flatMap((value) => {
      serial += 1;
      const { body } = ROUTE_ROWS[route.id].request(ids, serial);
      const good = isJsonObject(body) ? body : {};
      const inside = Object.entries(good).flatMap(([name, member]) =>
        isJsonObject(member) && !Object.hasOwn(member, field) ? [{ ...good, [name]: { ...member, [field]: value } }] : [],
      );
      const own = Object.hasOwn(good, field) ? [] : [{ ...good, [field]: value }];
      return [...own, ...inside].map((sent) => ({ route, field, body: sent }));
    }),
  );
}

function camelCase(column: string): string {
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Places in the store that hold what only a client could have put there. */
async function findSet(database: Database): Promise<string[]> {
  return (await allRows(database)).flatMap(({ table, row }) =>
    Object.entries(row)
      .filter(([column, value]) => !CLIENT_OWNED.includes(`${table}.${column}`) && [TEXT, String(NUMBER)].includes(String(value)))
      .map(([column, value]) => `${table}.${column} holds ${value}`),
  );
}
