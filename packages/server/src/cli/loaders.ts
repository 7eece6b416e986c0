import type { Action } from "#cli/command";
import type { CommandName } from "#cli/command-table";

/** Each command loads its own code, and only when it runs: `millrace --help` knows no server. */
export const LOADERS: { readonly [Name in CommandName]: () => Promise<{ readonly run: Action }> } = {
  dev: () => import("#cli/commands/dev"),
  start: () => import("#cli/commands/start"),
  invoke: () => import("#cli/commands/invoke"),
  "workflows list": () => import("#cli/commands/workflows-list"),
  "workflows get": () => import("#cli/commands/workflows-get"),
  "workflows delete": () => import("#cli/commands/workflows-delete"),
  "runs list": () => import("#cli/commands/runs-list"),
  "runs get": () => import("#cli/commands/runs-get"),
  "runs wait": () => import("#cli/commands/runs-wait"),
  "runs signal": () => import("#cli/commands/runs-signal"),
  "runs cancel": () => import("#cli/commands/runs-cancel"),
  "runs replay": () => import("#cli/commands/runs-replay"),
  validate: () => import("#cli/commands/validate"),
  deploy: () => import("#cli/commands/deploy"),
  "versions list": () => import("#cli/commands/versions-list"),
  "versions promote": () => import("#cli/commands/versions-promote"),
  "versions rollback": () => import("#cli/commands/versions-rollback"),
  "keys create": () => import("#cli/commands/keys-create"),
  "keys list": () => import("#cli/commands/keys-list"),
  "keys revoke": () => import("#cli/commands/keys-revoke"),
  import: () => import("#cli/commands/import"),
  backup: () => import("#cli/commands/backup"),
  restore: () => import("#cli/commands/restore"),
  migrate: () => import("#cli/commands/migrate"),
  doctor: () => import("#cli/commands/doctor"),
  whoami: () => import("#cli/commands/whoami"),
  help: () => import("#cli/commands/help"),
  version: () => import("#cli/commands/version"),
};
