import type { RouteId } from "@millrace/contract";
import { echo } from "./documents.ts";

/** What a request can name that may be another's. */
export interface Ids {
  /** Id or name. */
  readonly workflow: string;
  readonly run: string;
  readonly key: string;
  readonly delivery: string;
}

export type IdKind = keyof Ids;

export interface RouteRequest {
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
  readonly query?: string;
}

/** A route as the matrix calls it: which ids it takes, and a request that is good when they are the caller's own. */
export interface RouteRow {
  readonly ids: readonly IdKind[];
  request(ids: Ids, serial: number): RouteRequest;
}

const none: RouteRow = { ids: [], request: () => ({}) };
const takes = (...ids: IdKind[]): RouteRow => ({ ids, request: () => ({}) });
const chosen = ({ workflow }: Ids) => ({ "Millrace-Workflow": workflow });
/** A name that no other request has. */
const fresh = (serial: number) => echo(`fresh${serial}`);

/** Nothing listens there: what is sent is refused at once. */
const NOWHERE = "http://127.0.0.1:9/";

/** One row a route; a new route without one does not compile. */
export const ROUTE_ROWS: { readonly [Id in RouteId]: RouteRow } = {
  invoke: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids), body: { input: {} } }) },
  queryResult: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  cancelRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  signalRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run, name: "go" } }) },
  retryRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  runEvents: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids) }) },
  verifyKey: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids) }) },
  listWorkflows: none,
  createWorkflow: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  getWorkflow: takes("workflow"),
  saveDraft: { ids: ["workflow"], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  updateWorkflow: { ids: ["workflow"], request: () => ({ body: { apiEnabled: true } }) },
  deleteWorkflow: takes("workflow"),
  publish: { ids: ["workflow"], request: () => ({ body: { note: "matrix" } }) },
  listVersions: takes("workflow"),
  getVersion: takes("workflow"),
  promote: { ids: ["workflow"], request: () => ({ body: { version: "1.0.0" } }) },
  deploy: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial), publish: true } }) },
  import: { ids: [], request: (_, serial) => ({ body: fresh(serial), query: "?publish=true" }) },
  validate: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  listRuns: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  getRun: takes("run"),
  getJournal: takes("run"),
  listKeys: none,
  createKey: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflows: [workflow] } }) },
  revokeKey: takes("key"),
  whoami: none,
  listDeliveries: {
    ids: ["workflow", "run"],
    request: ({ workflow, run }) => ({ query: `?workflow=${encodeURIComponent(workflow)}&run=${run}` }),
  },
  getDelivery: takes("delivery"),
  resendDelivery: takes("delivery"),
  recoverDeliveries: { ids: ["workflow"], request: ({ workflow }) => ({ body: { since: 0, workflow } }) },
  listenToWebhooks: none,
  listDisabledEndpoints: none,
  enableEndpoint: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflow, method: "POST", url: NOWHERE } }) },
  testWebhook: { ids: ["workflow"], request: () => ({ body: { url: NOWHERE } }) },
  getWebhookSecret: takes("workflow"),
  rotateWebhookSecret: takes("workflow"),
  health: none,
  ready: none,
  version: none,
  openapi: none,
  metrics: none,
};
