import type { JsonObject } from "#json";
import { componentSchemas } from "#openapi/components";
import { errorComponents, errorExamples, RESPONSE_HEADERS } from "#openapi/errors";
import { mayCall, type RouteCaller, withWorkflows } from "#openapi/key-routes";
import { operation } from "#openapi/operation";
import { withoutUnused } from "#openapi/without-unused";
import { type DescribedWorkflow, describeWorkflows } from "#openapi/workflow-inputs";
import { ROUTES } from "#routes";
import { type Route, routeErrors } from "#routes/route";

export interface OpenApiOptions {
  /** Version of the server. */
  readonly version: string;
  /** Workflows that the reader's key reaches; absent: `input` and `output` are any object. */
  readonly workflows?: readonly DescribedWorkflow[];
  /** Whose key it is: what it may not ask for is left out; absent: every route. */
  readonly caller?: RouteCaller;
}

/** The routes as an OpenAPI 3.1 document; the same options give the same text. */
export function openApiDocument(options: OpenApiOptions): JsonObject {
  const { workflows = [], caller } = options;
  const reached = caller ? ROUTES.filter((route) => mayCall(route, caller)) : ROUTES;
  const routes = workflows.length === 0 ? reached : reached.map((route) => withWorkflows(route, workflows));
  const types = [...new Set(routes.flatMap((route) => routeErrors(route)))];
  const document = {
    openapi: "3.1.0",
    info: {
      title: "Millrace",
      version: options.version,
      description:
        "Run published workflows over HTTP (/v1), and manage workflows, runs, keys and members (/api/v1). `x-permission` is what a member or an admin key needs: view (viewer), operate (operator), edit (editor), administer (owner).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries([...new Set(routes.map(({ path }) => path))].map((path) => [path, pathItem(routes, path)])),
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "`Authorization: Bearer <key>`, or the key alone. The key selects the workflow.",
        },
        devKey: {
          type: "http",
          scheme: "basic",
          description: "`Authorization: Basic base64(DevKey:DevSecret)`: a key of the organisation.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-millrace",
          description:
            "The session of the console. Over http its name is millrace_<port>. What changes something must come from the server's own pages.",
        },
      },
      schemas: describeWorkflows(componentSchemas(), workflows),
      responses: errorComponents(routes),
      headers: RESPONSE_HEADERS,
      examples: errorExamples(types),
    },
  };
  return caller ? withoutUnused(document) : document;
}

function pathItem(routes: readonly Route[], path: string): JsonObject {
  return Object.fromEntries(routes.filter((route) => route.path === path).map((route) => [route.method.toLowerCase(), operation(route)]));
}
