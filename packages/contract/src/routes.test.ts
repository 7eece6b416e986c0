import assert from "node:assert/strict";
import { test } from "node:test";
import { Check } from "typebox/value";
import { WIRE_ERROR_TYPES } from "#errors";
import { checkInvokeBody, checkQueryBody, checkRetryBody } from "#invoke-check";
import { leastRole, PERMISSIONS, ROLES, type Role, roleMay, scopesOfRole } from "#roles";
import { methodsOf, PATHS, ROUTES } from "#routes";
import { type Route, routeErrors } from "#routes/route";
import { hasScope, requiredScope, SCOPES } from "#scopes";

test("no two routes have the same id, or the same method and path", () => {
  assert.equal(new Set(ROUTES.map(({ id }) => id)).size, ROUTES.length);
  assert.equal(new Set(ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`)).size, ROUTES.length);
});

test("additions lie under /api/v1 or /v1/workflow/run, speak another protocol, or are the service's own; the published paths are the published ones", () => {
  const additions = ["/v1/workflow/run/", "/v1/chat/", "/v1/models"];
  const isAddition = (path: string) => additions.some((prefix) => path.startsWith(prefix)) && path !== PATHS.runLogs;
  for (const { mark, path } of ROUTES) assert.equal(mark === "own", !path.startsWith("/v1/") || isAddition(path), path);
  assert.deepEqual(
    [PATHS.invoke, PATHS.queryResult, PATHS.verifyKey],
    ["/v1/workflow/invoke", "/v1/workflow/query/result", "/v1/api-key/verify"],
  );
});

test("only the service routes are open, the hooks and shared runs, whose path is the key, and those that begin a session", () => {
  assert.deepEqual(
    ROUTES.filter(({ auth, path }) => auth === "none" && !path.includes("/{token}")).map(({ method, path }) => `${method} ${path}`),
    [
      "GET /api/v1/setup",
      "POST /api/v1/setup",
      "POST /api/v1/sign-in",
      "POST /api/v1/sign-in/link",
      "POST /api/v1/sign-in/local",
      "POST /api/v1/invitations/accept",
      "GET /healthz",
      "GET /readyz",
      "GET /version",
      "GET /openapi.json",
      "GET /metrics",
    ],
  );
});

test("a route that changes something asks a viewer for more, unless it is about the caller alone", () => {
  const own = ["validate", "makeSignInLink", "signOut", "endSession", "changePassword"];
  for (const { id, method, permission } of ROUTES as readonly Route[]) {
    const harmless = method === "GET" || permission === undefined || own.includes(id) || id === "queryResult";
    assert.ok(harmless || permission !== "view", id);
  }
});

test("each role includes those below it, on the management API and on the run API", () => {
  const may = (role: Role) => PERMISSIONS.filter((permission) => roleMay(role, permission));
  assert.deepEqual(ROLES.map(may), [[...PERMISSIONS], ["view", "operate", "edit"], ["view", "operate"], ["view"]]);
  for (const permission of PERMISSIONS) assert.ok(roleMay(leastRole(permission), permission));
  for (const route of ROUTES as readonly Route[]) {
    const scope = requiredScope(route.auth);
    if (scope === null || route.permission === undefined || route.path.startsWith("/api/")) continue;
    for (const role of ROLES) assert.equal(hasScope(scopesOfRole(role), scope), roleMay(role, route.permission), `${route.id} ${role}`);
  }
});

test("the methods of a path are known, for Allow", () => {
  assert.deepEqual(methodsOf("/api/v1/workflows"), ["GET", "POST"]);
  assert.deepEqual(methodsOf("/nowhere"), []);
});

test("the scope admin includes the others; the others include only themselves", () => {
  for (const needed of SCOPES) {
    for (const held of SCOPES) assert.equal(hasScope([held], needed), held === needed || held === "admin");
    assert.equal(hasScope([], needed), false);
    assert.equal(requiredScope(`key:${needed}`), needed);
  }
  assert.deepEqual([requiredScope("none"), requiredScope("key")], [null, null]);
});

test("an open route needs no key, though one may need a token of its own; a keyed one answers 401, a scoped one 403", () => {
  for (const route of ROUTES) {
    const errors = routeErrors(route);
    const takesToken =
      ["/metrics", "/hooks/{token}", "/openapi.json"].includes(route.path) || (route.path.startsWith("/api/") && route.method === "POST");
    assert.equal(errors.includes("unauthorized"), route.auth !== "none" || takesToken, route.id);
    assert.equal(errors.includes("scope"), requiredScope(route.auth) !== null, route.id);
    assert.equal(errors.includes("body_too_large"), "body" in route, route.id);
    assert.equal(new Set(errors).size, errors.length);
    assert.ok(errors.includes("internal"));
  }
});

test("every error type that a route of this release can answer is listed by one", () => {
  const listed = new Set(ROUTES.flatMap((route) => routeErrors(route)));
  const byServer = new Set(["no_route", "method_not_allowed"]);
  for (const type of WIRE_ERROR_TYPES) assert.equal(listed.has(type), !byServer.has(type), type);
});

for (const route of ROUTES as readonly Route[]) {
  test(`the examples of ${route.id} fit their schemas`, () => {
    for (const [name, example] of Object.entries(route.body?.examples ?? {}))
      assert.ok(Check(route.body?.schema ?? {}, example), `body ${name}`);
    for (const [status, response] of Object.entries(route.responses)) {
      assert.equal(status === "204", response.schema === undefined);
      for (const [name, example] of Object.entries(response.examples ?? {}))
        assert.ok(Check(response.schema ?? {}, example), `${status} ${name}`);
    }
  });
}

test("the examples of the run API pass the server's own checks", () => {
  const examplesOf = (id: string) => Object.values(ROUTES.find((route) => route.id === id)?.body?.examples ?? {});
  assert.ok(examplesOf("invoke").length > 0);
  for (const example of examplesOf("invoke")) assert.ok(checkInvokeBody(example).ok);
  for (const example of examplesOf("retryRun")) assert.ok(checkRetryBody(example).ok);
  for (const example of [...examplesOf("queryResult"), ...examplesOf("cancelRun")]) assert.ok(checkQueryBody(example).ok);
});

test("management bodies are closed: an unknown member does not fit", () => {
  for (const route of ROUTES as readonly Route[]) {
    if (route.body === undefined || !route.path.startsWith("/api/v1/")) continue;
    for (const example of Object.values(route.body.examples ?? {})) {
      assert.equal(Check(route.body.schema, { ...(example as object), surprise: 1 }), false, route.id);
    }
  }
});
