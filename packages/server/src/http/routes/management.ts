import * as alerts from "#http/routes/management/alerts";
import * as approvals from "#http/routes/management/approvals";
import * as audit from "#http/routes/management/audit";
import * as bulkJobs from "#http/routes/management/bulk-jobs";
import * as devKeys from "#http/routes/management/dev-keys";
import * as drafts from "#http/routes/management/drafts";
import { events } from "#http/routes/management/events";
import * as home from "#http/routes/management/home";
import * as hooks from "#http/routes/management/hooks";
import * as keys from "#http/routes/management/keys";
import * as knowledge from "#http/routes/management/knowledge";
import * as members from "#http/routes/management/members";
import * as models from "#http/routes/management/models";
import * as prices from "#http/routes/management/prices";
import * as replay from "#http/routes/management/replay";
import * as runShares from "#http/routes/management/run-shares";
import * as runs from "#http/routes/management/runs";
import * as schedules from "#http/routes/management/schedules";
import * as secrets from "#http/routes/management/secrets";
import * as sessions from "#http/routes/management/sessions";
import * as system from "#http/routes/management/system";
import * as tools from "#http/routes/management/tools";
import * as usage from "#http/routes/management/usage";
import * as versions from "#http/routes/management/versions";
import * as webhooks from "#http/routes/management/webhooks";
import * as workflows from "#http/routes/management/workflows";
import { followAnyRun } from "#http/routes/run-events";

const { exportFile, importFile, ...versionRoutes } = versions;

/** Handlers of the management API by route id. */
export const MANAGEMENT = {
  ...workflows,
  ...home,
  ...drafts,
  ...versionRoutes,
  ...runs,
  ...runShares,
  events,
  followAnyRun,
  ...replay,
  ...schedules,
  ...hooks,
  ...approvals,
  ...bulkJobs,
  ...keys,
  ...devKeys,
  ...webhooks,
  ...secrets,
  ...knowledge,
  ...models,
  ...prices,
  ...usage,
  ...alerts,
  ...tools,
  ...sessions,
  ...members,
  ...audit,
  ...system,
  export: exportFile,
  import: importFile,
};
