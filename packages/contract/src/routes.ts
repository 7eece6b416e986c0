import { ALERT_ROUTES } from "#routes/alert-routes";
import { APPROVAL_ROUTES } from "#routes/approval-routes";
import { AUDIT_ROUTES } from "#routes/audit-routes";
import { BULK_ROUTES } from "#routes/bulk-routes";
import { CALLED_ROUTES } from "#routes/called-routes";
import { DEV_KEY_ROUTES } from "#routes/dev-key-routes";
import { DRAFT_ROUTES } from "#routes/draft-routes";
import { HOME_ROUTES } from "#routes/home-routes";
import { HOOK_ROUTES } from "#routes/hook-routes";
import { KEY_ROUTES } from "#routes/key-routes";
import { KNOWLEDGE_ROUTES } from "#routes/knowledge-routes";
import { MEMBER_ROUTES } from "#routes/member-routes";
import { MODEL_ROUTES } from "#routes/model-routes";
import { PRICE_ROUTES } from "#routes/price-routes";
import { REPLAY_ROUTES } from "#routes/replay-routes";
import type { Route } from "#routes/route";
import { RUN_API_ROUTES } from "#routes/run-api";
import { RUN_ROUTES } from "#routes/run-routes";
import { RUN_SHARE_ROUTES } from "#routes/run-share-routes";
import { SCHEDULE_ROUTES } from "#routes/schedule-routes";
import { SECRET_ROUTES } from "#routes/secret-routes";
import { SERVICE_ROUTES } from "#routes/service";
import { SESSION_ROUTES } from "#routes/session-routes";
import { SYSTEM_ROUTES } from "#routes/system-routes";
import { TOOL_ROUTES } from "#routes/tool-routes";
import { USAGE_ROUTES } from "#routes/usage-routes";
import { VERSION_ENDPOINT_ROUTES } from "#routes/version-endpoint-routes";
import { VERSION_ROUTES } from "#routes/version-routes";
import { WEBHOOK_ROUTES } from "#routes/webhook-routes";
import { WORKFLOW_ROUTES } from "#routes/workflow-routes";

const ALL = [
  ...RUN_API_ROUTES,
  ...VERSION_ENDPOINT_ROUTES,
  ...CALLED_ROUTES,
  ...WORKFLOW_ROUTES,
  ...HOME_ROUTES,
  ...VERSION_ROUTES,
  ...DRAFT_ROUTES,
  ...RUN_ROUTES,
  ...RUN_SHARE_ROUTES,
  ...REPLAY_ROUTES,
  ...BULK_ROUTES,
  ...SCHEDULE_ROUTES,
  ...HOOK_ROUTES,
  ...APPROVAL_ROUTES,
  ...KEY_ROUTES,
  ...DEV_KEY_ROUTES,
  ...WEBHOOK_ROUTES,
  ...SECRET_ROUTES,
  ...KNOWLEDGE_ROUTES,
  ...MODEL_ROUTES,
  ...PRICE_ROUTES,
  ...USAGE_ROUTES,
  ...ALERT_ROUTES,
  ...TOOL_ROUTES,
  ...SESSION_ROUTES,
  ...MEMBER_ROUTES,
  ...AUDIT_ROUTES,
  ...SYSTEM_ROUTES,
  ...SERVICE_ROUTES,
] as const;

export type RouteId = (typeof ALL)[number]["id"];

/** Every route of the server. */
export const ROUTES: readonly (Route & { readonly id: RouteId })[] = ALL;

/** Path of a route, with its `{parameters}`. */
export const PATHS = Object.fromEntries(ALL.map(({ id, path }) => [id, path])) as {
  readonly [R in (typeof ALL)[number] as R["id"]]: R["path"];
};

/** Methods of a path, for `Allow`. */
export function methodsOf(path: string): readonly string[] {
  return ROUTES.filter((route) => route.path === path).map(({ method }) => method);
}
