import { fillPath, pathParameters, ROUTES, type Route, type RouteId } from "@millrace/contract";
import { type Check, Tally } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { type InsideView, withInsideView } from "../harness/inside.ts";
import { ADMIN_KEY } from "../harness/millrace.ts";
import { ABSENT_IDS, type Ids } from "../harness/route-rows.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { slowness } from "../harness/slowness.ts";
import {
  HOSTILE_SEGMENTS,
  type HostileBody,
  largeBodies,
  mislabelledBodies,
  oddBodies,
  PROTOTYPE_KEYS,
  prototypeBodies,
} from "../hostile/bodies.ts";

type NamedRoute = Route & { readonly id: RouteId };

const AT_ONCE = 8;
const STALL_MS = 100;
/** What S9 promises of a whole file. */
const FILE_STALL_MS = 1_000;
/** The first of so many that is below the limit says that nothing but the machine was slow. */
const REPEATS = 3;
const SHOWN_PATH = 80;

/** One for each parser, each check of a document and each way to a run: what is large goes only there. */
const ROUTES_OF_LARGE: readonly RouteId[] = ["invoke", "import", "deploy", "receivePost"];

export const s11: Check = {
  id: "S11",
  property: "Whatever a request holds is answered, holds up nobody else and changes nothing that the server's code inherits from",
  timed: true,
  run: () => withInsideView({}, check),
};

interface HostileRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

async function check({ server, look }: InsideView) {
  const { id: workflow } = await server.publish(echo("hostile"));
  const { token } = (await server.manage("POST", "/api/v1/hooks", { workflow, name: "hostile" })) as { token: string };
  const broken = new Tally();
  const stalls = new Tally();
  const changed = new Tally();
  let unanswered = 0;
  let worstMs = 0;
  const send = async ({ name, method, path, headers, body }: HostileRequest): Promise<void> => {
    const given = { key: ADMIN_KEY, headers: { "Millrace-Workflow": workflow, ...headers }, ...(body !== undefined && { body }) };
    const answer = await server.call(method, path, given).catch(() => null);
    // Refused before its end, and the connection with it: that is an answer that the sender did not wait for.
    if (answer === null) unanswered += 1;
    broken.add(answer === null || answer.status < 500 ? null : `${method} ${path.slice(0, SHOWN_PATH)} with ${name}: ${answer.status}`);
  };
  const sendAll = async (what: string, requests: readonly HostileRequest[], limitMs = STALL_MS): Promise<void> => {
    let heldMs = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < REPEATS && heldMs > limitMs; repeat++) {
      await eachAtOnce(requests, AT_ONCE, send);
      const report = await look();
      changed.add(report.intact ? null : `after ${what}`);
      heldMs = Math.min(heldMs, report.heldMs);
    }
    // Only where it counts: to measure it takes seconds.
    if (heldMs > limitMs) heldMs /= await slowness();
    if (limitMs === STALL_MS) worstMs = Math.max(worstMs, heldMs);
    stalls.add(heldMs <= limitMs ? null : `${what}: ${Math.round(heldMs)} ms`);
  };
  const ids = { ...ABSENT_IDS, workflow };
  for (const route of ROUTES) await sendAll(route.id, [...bodyRequests(route, ids, token), ...plainRequests(route, ids, token)]);
  const large = largeBodies();
  for (const route of ROUTES.filter(({ id }) => ROUTES_OF_LARGE.includes(id)))
    for (const one of large) {
      const request = requestOf(route, pathOf(route, ids, token), one);
      await sendAll(`${route.id} with ${one.name}`, [request], route.id === "import" ? FILE_STALL_MS : STALL_MS);
    }
  return {
    counts: [
      broken.count("answered 5xx", "hostile requests"),
      stalls.count("that held the server for more than 100 ms, an import for more than a second", "routes, and large bodies"),
      changed.count("in which something everything inherits from had changed", "looks into the server"),
    ],
    facts: { routes: ROUTES.length, "cut off": unanswered, "longest hold, ms": Math.round(worstMs) },
    failures: [broken, stalls, changed].flatMap(({ failures }) => failures),
  };
}

function pathOf(route: NamedRoute, ids: Ids, token: string): string {
  return fillPath(route.path, { ...ids, version: "1.0.0", entry: "1", value: "input", template: "review-digest", token });
}

const requestOf = (route: NamedRoute, path: string, { name, bytes, headers }: HostileBody): HostileRequest => {
  return { name, method: route.method, path, body: bytes, ...(headers && { headers }) };
};

const LABELLED = mislabelledBodies();
const READ = [...oddBodies(), ...prototypeBodies()];

/** A route that reads no body gets bodies as well; on what would delete its workflow they are of nobody's. */
function bodyRequests(route: NamedRoute, ids: Ids, token: string): HostileRequest[] {
  const path = pathOf(route, route.method === "DELETE" ? ABSENT_IDS : ids, token);
  const bodies =
    route.method === "GET" ? LABELLED.slice(0, 5) : route.body || route.id.startsWith("receive") ? [...LABELLED, ...READ] : LABELLED;
  return bodies.map((one) => requestOf(route, path, one));
}

/** Hostile in everything but the body. */
function plainRequests(route: NamedRoute, ids: Ids, token: string): HostileRequest[] {
  const good = pathOf(route, route.method === "DELETE" ? ABSENT_IDS : ids, token);
  const { method } = route;
  const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
  const segments = pathParameters(route.path).length === 0 ? [] : HOSTILE_SEGMENTS;
  return [
    ...segments.map((segment) => ({ name: "a path", method, path: route.path.replace(/\{\w+\}/g, () => segment), ...body })),
    ...PROTOTYPE_KEYS.flatMap((key) => [
      { name: "a query", method, path: `${good}?${key}=1&${key}[polluted]=1&${key}.x=1&${key}`, ...body },
      { name: `the header ${key}`, method, path: good, headers: { [key.replaceAll(".", "-").replace("$", "")]: "polluted" }, ...body },
      {
        name: `${key} in headers`,
        method,
        path: good,
        headers: { "Accept-Language": key, "Idempotency-Key": key, "X-Request-Id": key },
        ...body,
      },
    ]),
    { name: "a query of 5,000", method, path: `${good}?${"a=1&".repeat(1_250)}`, ...body },
    { name: "a broken query", method, path: `${good}?%=%&%zz=%ff&=&&limit=1e9&cursor=%00`, ...body },
  ];
}
