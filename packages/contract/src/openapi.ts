import type { JsonObject } from "#json";
import { componentSchemas } from "#openapi/components";
import { errorComponents, errorExamples, RESPONSE_HEADERS } from "#openapi/errors";
import { operation } from "#openapi/operation";
import { type DescribedWorkflow, describeWorkflows } from "#openapi/workflow-inputs";
import { ROUTES } from "#routes";
import { type Route, routeErrors } from "#routes/route";

export interface OpenApiOptions {
  /** Version of the server. */
  readonly version: string;
  /** Workflows that the reader's key reaches; absent: `input` and `output` are any object. */
  readonly workflows?: readonly DescribedWorkflow[];
}

/** The routes as an OpenAPI 3.1 document; the same options give the same text. */
export function openApiDocument(options: OpenApiOptions): JsonObject {
  const types = [...new Set(ROUTES.flatMap((route) => routeErrors(route)))];
  return {
    openapi: "3.1.0",
    info: {
      title: "Millrace",
      version: options.version,
      description:
        "Run published workflows over HTTP (/v1), and manage workflows, runs, keys and members (/api/v1). `x-permission` is what a member or an admin key needs: view (viewer), operate (operator), edit (editor), administer (owner).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(ROUTES.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries([...new Set(ROUTES.map(({ path }) => path))].map((path) => [path, pathItem(path)])),
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "`Authorization: Bearer <key>`, or the key alone. The key selects the workflow.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-millrace",
          description:
            "The session of the console. Over http its name is millrace_<port>. What changes something must come from the server's own pages.",
        },
      },
      schemas: describeWorkflows(componentSchemas(), options.workflows ?? []),
      responses: errorComponents(ROUTES),
      headers: RESPONSE_HEADERS,
      examples: errorExamples(types),
    },
  };
}

function pathItem(path: string): JsonObject {
  const routes: readonly Route[] = ROUTES.filter((route) => route.path === path);
  return Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operation(route)]));
}
