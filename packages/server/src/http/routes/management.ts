import * as keys from "#http/routes/management/keys";
import * as runs from "#http/routes/management/runs";
import * as secrets from "#http/routes/management/secrets";
import * as versions from "#http/routes/management/versions";
import * as webhooks from "#http/routes/management/webhooks";
import * as workflows from "#http/routes/management/workflows";

const { importFile, ...versionRoutes } = versions;

/** Handlers of the management API by route id. */
export const MANAGEMENT = { ...workflows, ...versionRoutes, ...runs, ...keys, ...webhooks, ...secrets, import: importFile };
