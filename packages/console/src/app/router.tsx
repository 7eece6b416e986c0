import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { whoQuery } from "#api/session.ts";
import { Broken, Missing } from "#app/missing.tsx";
import { Shell } from "#app/shell.tsx";
import { alertSearch } from "#pages/alerts/search.ts";
import { approvalsSearch } from "#pages/approvals/search.ts";
import { compareSearch } from "#pages/compare/search.ts";
import { editorSearch } from "#pages/editor/search.ts";
import { runSearch } from "#pages/run/search.ts";
import { runsSearch } from "#pages/runs/search.ts";
import { usageSearch } from "#pages/usage/search.ts";
import { versionsSearch } from "#pages/versions/search.ts";
import { webhookSearch } from "#pages/webhooks/search.ts";
import { workflowsSearch } from "#pages/workflows/search.ts";

// The addresses of the console, one line each; a page's code comes when somebody goes there. Pages for everyone hang on the root, those
// that need a session on `inside`.

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: Missing, errorComponent: Broken });

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const who = await context.queries.ensureQueryData(whoQuery);
    if (who === null) throw redirect({ to: "/login", search: { to: location.href } });
  },
});

/** For everyone. */
const open = [
  createRoute({
    getParentRoute: () => root,
    path: "/login",
    validateSearch: (given: Record<string, unknown>): { to?: string; ended?: boolean } => ({
      ...(typeof given["to"] === "string" && { to: given["to"] }),
      ...(given["ended"] === true && { ended: true }),
    }),
    component: lazyRouteComponent(() => import("#pages/sign-in/page.tsx")),
  }),
  createRoute({ getParentRoute: () => root, path: "/setup", component: lazyRouteComponent(() => import("#pages/sign-in/setup.tsx")) }),
  createRoute({ getParentRoute: () => root, path: "/join", component: lazyRouteComponent(() => import("#pages/sign-in/join.tsx")) }),
  createRoute({ getParentRoute: () => root, path: "/shared/$token", component: lazyRouteComponent(() => import("#pages/run/shared.tsx")) }),
  createRoute({ getParentRoute: () => root, path: "/docs", component: lazyRouteComponent(() => import("#pages/reference/page.tsx")) }),
  createRoute({ getParentRoute: () => root, path: "/errors/$type", component: lazyRouteComponent(() => import("#pages/errors/page.tsx")) }),
];

const pages = [
  createRoute({ getParentRoute: () => inside, path: "/", component: lazyRouteComponent(() => import("#pages/home/page.tsx")) }),
  createRoute({
    getParentRoute: () => inside,
    path: "/workflows",
    validateSearch: workflowsSearch,
    component: lazyRouteComponent(() => import("#pages/workflows/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/workflows/$workflow/api",
    component: lazyRouteComponent(() => import("#pages/api/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/workflows/$workflow/versions",
    validateSearch: versionsSearch,
    component: lazyRouteComponent(() => import("#pages/versions/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/workflows/$workflow/edit",
    validateSearch: editorSearch,
    component: lazyRouteComponent(() => import("#pages/editor/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/runs",
    component: lazyRouteComponent(() => import("#pages/runs/page.tsx")),
    validateSearch: runsSearch,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/runs/compare",
    component: lazyRouteComponent(() => import("#pages/compare/page.tsx")),
    validateSearch: compareSearch,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/runs/$run",
    component: lazyRouteComponent(() => import("#pages/run/page.tsx")),
    validateSearch: runSearch,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/approvals",
    component: lazyRouteComponent(() => import("#pages/approvals/page.tsx")),
    validateSearch: approvalsSearch,
  }),
  createRoute({ getParentRoute: () => inside, path: "/keys", component: lazyRouteComponent(() => import("#pages/keys/page.tsx")) }),
  createRoute({
    getParentRoute: () => inside,
    path: "/webhooks",
    component: lazyRouteComponent(() => import("#pages/webhooks/page.tsx")),
    validateSearch: webhookSearch,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/alerts",
    component: lazyRouteComponent(() => import("#pages/alerts/page.tsx")),
    validateSearch: alertSearch,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/connections",
    component: lazyRouteComponent(() => import("#pages/connections/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/knowledge",
    component: lazyRouteComponent(() => import("#pages/knowledge/page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/knowledge/$base",
    component: lazyRouteComponent(() => import("#pages/knowledge/base-page.tsx")),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: "/usage",
    validateSearch: usageSearch,
    component: lazyRouteComponent(() => import("#pages/usage/page.tsx")),
  }),
  createRoute({ getParentRoute: () => inside, path: "/members", component: lazyRouteComponent(() => import("#pages/members/page.tsx")) }),
  createRoute({ getParentRoute: () => inside, path: "/system", component: lazyRouteComponent(() => import("#pages/system/page.tsx")) }),
  createRoute({ getParentRoute: () => inside, path: "/audit", component: lazyRouteComponent(() => import("#pages/audit/page.tsx")) }),
];

const tree = root.addChildren([...open, inside.addChildren(pages)]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({ routeTree: tree, context: { queries }, defaultPreload: "intent", scrollRestoration: true });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
