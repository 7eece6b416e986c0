import Type from "typebox";
import type { Json } from "#json";
import type { DescribedWorkflow } from "#openapi/workflow-inputs";
import { type Role, roleMay } from "#roles";
import { type Route, type RouteBody, type RouteResponse, takesSession } from "#routes/route";
import { hasScope, requiredScope, type Scope } from "#scopes";

/** Whose key it is. */
export interface RouteCaller {
  readonly scopes: readonly Scope[];
  /** Of an admin key: it alone says what it may do on the management API. */
  readonly role: Role | null;
}

/** May the key ask for the route? */
export function mayCall(route: Route, { scopes, role }: RouteCaller): boolean {
  if (route.auth === "none" || route.auth === "session") return route.auth === "none";
  if (route.auth === "dev") return false;
  if (route.auth === "versions") return hasScope(scopes, "version");
  if (role !== null && takesSession(route)) return roleMay(role, route.permission);
  const scope = requiredScope(route.auth);
  return scope === null || hasScope(scopes, scope);
}

/** The route with examples of these workflows in place of those of workflows that the key does not reach. */
export function withWorkflows<R extends Route>(route: R, workflows: readonly DescribedWorkflow[]): R {
  const examples = examplesOf(route.id, workflows);
  if (examples === null) return choosing(route, workflows);
  return {
    ...choosing(route, workflows),
    ...(route.body && { body: withExamples(route.body, examples) }),
    responses: Object.fromEntries(Object.entries(route.responses).map(([status, one]) => [status, withExamples(one, {})])),
  };
}

function withExamples<T extends RouteBody | RouteResponse>(described: T, examples: { readonly [name: string]: Json }): T {
  return { ...described, examples };
}

/** null: those of the route name no workflow. */
function examplesOf(id: string, workflows: readonly DescribedWorkflow[]): { readonly [name: string]: Json } | null {
  switch (id) {
    case "invoke":
      return Object.fromEntries(workflows.flatMap(({ name, example }) => (example ? [[name, { input: example }]] : [])));
    case "chatCompletions": {
      const chats = workflows.filter(({ isChat }) => isChat === true);
      return Object.fromEntries(chats.map(({ name }) => [name, { model: name, messages: [{ role: "user", content: "Hello" }] }]));
    }
    case "mcp":
      return { list: { jsonrpc: "2.0", id: 1, method: "tools/list" } };
    case "queryResult":
      return {};
    default:
      return null;
  }
}

const CHOICE = "Millrace-Workflow";

/** A key of several workflows names one of them in a header. */
function choosing<R extends Route>(route: R, workflows: readonly DescribedWorkflow[]): R {
  const properties = (route.headers as { readonly properties?: { readonly [name: string]: Type.TSchema } } | undefined)?.properties;
  if (!properties || !Object.hasOwn(properties, CHOICE) || workflows.length < 2) return route;
  const names = workflows.map(({ name }) => name);
  return { ...route, headers: Type.Object({ ...properties, [CHOICE]: Type.Enum(names, { description: "The workflow." }) }) };
}
