import type { RouteId } from "@millrace/contract";
import { echo } from "./documents.ts";

/** What a request can name that may be another's. */
export interface Ids {
  /** Id or name. */
  readonly workflow: string;
  readonly run: string;
  readonly share: string;
  readonly key: string;
  readonly delivery: string;
  readonly schedule: string;
  readonly hook: string;
  readonly approval: string;
  readonly job: string;
  readonly member: string;
  readonly invitation: string;
  readonly session: string;
  readonly secret: string;
  readonly connection: string;
  readonly base: string;
  readonly document: string;
  /** Of a price. */
  readonly models: string;
  readonly budget: string;
  readonly alert: string;
  /** Of imported tools. */
  readonly collection: string;
  readonly devKey: string;
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

/** An OpenAPI document with one operation. */
export const TOOLS = JSON.stringify({ openapi: "3.1.0", paths: { "/members": { get: { operationId: "list" } } } });

const none: RouteRow = { ids: [], request: () => ({}) };
const takes = (...ids: IdKind[]): RouteRow => ({ ids, request: () => ({}) });
const chosen = ({ workflow }: Ids) => ({ "Millrace-Workflow": workflow });
/** A name that no other request has. */
const fresh = (serial: number) => echo(`fresh${serial}`);

const JSON_TYPE = { "Content-Type": "application/json" };

const FORM_TYPE = { "Content-Type": "multipart/form-data; boundary=matrix" };
const formOf = (file: string) =>
  `--matrix\r\nContent-Disposition: form-data; name="file"; filename="${file}"\r\nContent-Type: text/plain\r\n\r\nmatrix\r\n--matrix--\r\n`;

const workflowForm = (document: object, fields: { readonly [name: string]: string } = {}) => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--matrix\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = '--matrix\r\nContent-Disposition: form-data; name="file"; filename="matrix.flow"\r\n\r\n';
  return `${parts.join("")}${head}${JSON.stringify(document)}\r\n--matrix--\r\n`;
};

/** Of every member that a check makes. */
export const PASSWORD = "a long sentence of a check";

/** Nothing listens there: what is sent is refused at once. */
const NOWHERE = "http://127.0.0.1:9/";
const NOWHERE_CHANNEL = { kind: "webhook", url: NOWHERE };

/** The next leap day: no run comes of it while the matrix is tried. */
export const NEVER_SOON = "0 0 29 2 *";

/** Of nobody: what a request names where it is to find nothing. */
export const ABSENT_IDS: Ids = {
  workflow: "0123456789abcdef01234567",
  run: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
  share: "76543210fedcba9876543222",
  key: "76543210fedcba9876543210",
  delivery: "msg_01a0c4506c647b219f0e5d2c8a6b4e10_0",
  schedule: "0123456789abcdef76543210",
  hook: "0123456789abcdef76543211",
  approval: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10-000002",
  job: "0123456789abcdef76543212",
  member: "76543210fedcba9876543211",
  invitation: "76543210fedcba9876543212",
  session: "76543210fedcba9876543213",
  secret: "NOBODYS_SECRET",
  connection: "nobodys-connection",
  base: "0123456789abcdef76543214",
  document: "0123456789abcdef76543215",
  models: "nobodys-connection/*",
  budget: "76543210fedcba9876543219",
  alert: "76543210fedcba9876543221",
  collection: "nobodys-tools",
  devKey: "76543210fedcba9876543220",
};

/** One row a route; a new route without one does not compile. */
export const ROUTE_ROWS: { readonly [Id in RouteId]: RouteRow } = {
  invoke: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids), body: { input: {} } }) },
  queryResult: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  cancelRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  signalRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run, name: "go" } }) },
  retryRun: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids), body: { workflowRunId: ids.run } }) },
  runEvents: { ids: ["workflow", "run"], request: (ids) => ({ headers: chosen(ids) }) },
  verifyKey: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids) }) },
  importVersion: {
    ids: ["workflow"],
    request: (ids, serial) => ({ headers: { ...FORM_TYPE, ...chosen(ids) }, body: workflowForm(fresh(serial)) }),
  },
  releaseVersion: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids), body: { version: "1.0.0" } }) },
  listWorkflowVersions: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids) }) },
  rollbackVersion: { ids: ["workflow"], request: (ids) => ({ headers: chosen(ids), body: { version: "1.0.0" } }) },
  precheckWorkflowImport: {
    ids: [],
    request: (_, serial) => ({ headers: FORM_TYPE, body: workflowForm(fresh(serial), { org_id: "default" }) }),
  },
  importOrgWorkflow: {
    ids: [],
    request: (_, serial) => ({ headers: FORM_TYPE, body: workflowForm(fresh(serial), { org_id: "default" }) }),
  },
  listDevKeys: none,
  createDevKey: { ids: [], request: () => ({ body: { name: "matrix" } }) },
  revokeDevKey: takes("devKey"),
  mcp: {
    ids: ["workflow"],
    request: ({ workflow }) => ({ body: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: workflow, arguments: {} } } }),
  },
  chatCompletions: {
    ids: ["workflow"],
    request: ({ workflow }) => ({ body: { model: workflow, messages: [{ role: "user", content: "matrix" }] } }),
  },
  listChatModels: none,
  listWorkflows: none,
  listWorkflowTags: none,
  createWorkflow: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  getWorkflow: takes("workflow"),
  saveDraft: { ids: ["workflow"], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  listDraftHistory: takes("workflow"),
  getDraftEntry: takes("workflow"),
  runDraft: { ids: ["workflow"], request: () => ({ body: { input: {} } }) },
  updateWorkflow: { ids: ["workflow"], request: () => ({ body: { apiEnabled: true } }) },
  deleteWorkflow: takes("workflow"),
  publish: { ids: ["workflow"], request: () => ({ body: { note: "matrix" } }) },
  listVersions: takes("workflow"),
  getVersion: takes("workflow"),
  promote: { ids: ["workflow"], request: () => ({ body: { version: "1.0.0" } }) },
  diffVersions: { ids: ["workflow"], request: () => ({ query: "?from=1.0.0&to=draft" }) },
  deploy: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial), publish: true } }) },
  export: takes("workflow"),
  import: { ids: [], request: (_, serial) => ({ body: fresh(serial), query: "?publish=true" }) },
  validate: { ids: [], request: (_, serial) => ({ body: { document: fresh(serial) } }) },
  listRuns: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  followAnyRun: takes("run"),
  events: none,
  listRefusedRequests: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  getRunStats: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  listRunErrors: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  getRun: takes("run"),
  getRunValue: takes("run"),
  getJournal: takes("run"),
  cancelOneRun: takes("run"),
  listRunShares: takes("run"),
  createRunShare: { ids: ["run"], request: () => ({ body: {} }) },
  revokeRunShare: takes("run", "share"),
  getSharedRun: none,
  getSharedValue: none,
  replayRun: { ids: ["run"], request: () => ({ body: { from: "start" } }) },
  previewReplay: { ids: ["run"], request: () => ({ body: { from: "start", version: "live" } }) },
  listSchedules: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  createSchedule: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflow, cron: NEVER_SOON } }) },
  getSchedule: takes("schedule"),
  updateSchedule: { ids: ["schedule"], request: () => ({ body: { timeZone: "Europe/Berlin" } }) },
  deleteSchedule: takes("schedule"),
  runSchedule: takes("schedule"),
  listBulkJobs: none,
  createBulkJob: {
    ids: ["workflow"],
    request: ({ workflow }) => ({ body: { action: "cancel", filter: { workflow, trigger: "manual" } } }),
  },
  getBulkJob: takes("job"),
  stopBulkJob: takes("job"),
  listHooks: { ids: ["workflow"], request: ({ workflow }) => ({ query: `?workflow=${encodeURIComponent(workflow)}` }) },
  createHook: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflow } }) },
  getHook: takes("hook"),
  updateHook: { ids: ["hook"], request: () => ({ body: { respond: "accepted" } }) },
  rotateHook: { ids: ["hook"], request: () => ({ body: { overlapHours: 1 } }) },
  deleteHook: takes("hook"),
  listApprovals: {
    ids: ["workflow", "run"],
    request: ({ workflow, run }) => ({ query: `?workflow=${encodeURIComponent(workflow)}&run=${run}` }),
  },
  getApproval: takes("approval"),
  decideApproval: { ids: ["approval"], request: () => ({ body: { action: "approve" } }) },
  linkToApproval: { ids: ["approval"], request: () => ({ body: { for: "ann@example.org" } }) },
  receiveGet: none,
  receivePost: none,
  receivePut: none,
  receivePatch: none,
  listKeys: none,
  createKey: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflows: [workflow] } }) },
  rotateKey: { ids: ["key"], request: () => ({ body: { overlapS: 60 } }) },
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
  listWebhookEndpoints: none,
  listDisabledEndpoints: none,
  enableEndpoint: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflow, method: "POST", url: NOWHERE } }) },
  testWebhook: { ids: ["workflow"], request: () => ({ body: { url: NOWHERE } }) },
  getWebhookSecret: takes("workflow"),
  rotateWebhookSecret: takes("workflow"),
  getSetup: none,
  setUp: { ids: [], request: () => ({ headers: JSON_TYPE, body: { token: "none", email: "a@example.com", password: PASSWORD } }) },
  signIn: { ids: [], request: () => ({ headers: JSON_TYPE, body: { email: "nobody@example.com", password: PASSWORD } }) },
  signInLocally: { ids: [], request: () => ({ headers: JSON_TYPE }) },
  signInByLink: { ids: [], request: () => ({ headers: JSON_TYPE, body: { token: "none" } }) },
  makeSignInLink: none,
  signOut: none,
  listSessions: none,
  endSession: takes("session"),
  changePassword: { ids: [], request: () => ({ body: { current: PASSWORD, password: PASSWORD } }) },
  listMembers: none,
  updateMember: { ids: ["member"], request: () => ({ body: { role: "viewer" } }) },
  removeMember: takes("member"),
  listInvitations: none,
  inviteMember: { ids: [], request: (_, serial) => ({ body: { email: `invited${serial}@example.com`, role: "viewer" } }) },
  revokeInvitation: takes("invitation"),
  acceptInvitation: { ids: [], request: () => ({ headers: JSON_TYPE, body: { token: "none", password: PASSWORD } }) },
  listAudit: none,
  getSystem: none,
  runChecks: none,
  listBackups: none,
  startBackup: none,
  getBackup: none,
  listSecrets: none,
  putSecret: { ids: [], request: () => ({ body: { value: "a value of the matrix" } }) },
  deleteSecret: takes("secret"),
  runLogs: {
    ids: ["workflow"],
    request: (ids) => ({ headers: chosen(ids), query: "?conversation_type=ALL&start_time=0&end_time=1&page=1&page_size=10" }),
  },
  runCredits: { ids: [], request: ({ run }) => ({ query: `?start_time=0&end_time=1&run_id=${run}` }) },
  getUsage: none,
  listBudgets: none,
  putBudget: { ids: ["workflow"], request: ({ workflow }) => ({ body: { workflow, period: "total", credits: "1000000" } }) },
  deleteBudget: takes("budget"),
  listAlerts: none,
  createAlert: { ids: ["workflow"], request: ({ workflow }) => ({ body: { kind: "error_count", workflow, channel: NOWHERE_CHANNEL } }) },
  listAlertEvents: { ids: ["alert"], request: ({ alert }) => ({ query: `?alert=${alert}` }) },
  getAlertSecret: none,
  rotateAlertSecret: none,
  getAlert: takes("alert"),
  updateAlert: { ids: ["alert"], request: () => ({ body: { quietS: 60 } }) },
  deleteAlert: takes("alert"),
  testAlert: takes("alert"),
  listConnections: none,
  getConnection: takes("connection"),
  putConnection: { ids: [], request: () => ({ body: { baseUrl: "https://example.com" } }) },
  deleteConnection: takes("connection"),
  testConnection: takes("connection"),
  listKnowledge: none,
  createKnowledge: { ids: [], request: (_, serial) => ({ body: { name: `base${serial}` } }) },
  getKnowledge: takes("base"),
  updateKnowledge: { ids: ["base"], request: () => ({ body: { description: "matrix" } }) },
  deleteKnowledge: takes("base"),
  searchKnowledge: { ids: ["base"], request: () => ({ body: { query: "matrix" } }) },
  listDocuments: takes("base"),
  addDocument: { ids: ["base"], request: (_, serial) => ({ body: { name: `${serial}.md`, text: "matrix" } }) },
  uploadDocuments: { ids: ["base"], request: (_, serial) => ({ headers: FORM_TYPE, body: formOf(`${serial}.txt`) }) },
  getDocument: takes("base", "document"),
  reindexDocument: takes("base", "document"),
  deleteDocument: takes("base", "document"),
  listModels: none,
  testModel: none,
  listPrices: none,
  putPrice: { ids: [], request: () => ({ body: { price: { input: "1", output: "1" } } }) },
  deletePrice: takes("models"),
  getHome: none,
  useTemplate: none,
  listTemplates: none,
  listTools: none,
  getTools: takes("collection"),
  putTools: { ids: [], request: () => ({ body: { connection: "crm", document: TOOLS } }) },
  deleteTools: takes("collection"),
  health: none,
  ready: none,
  version: none,
  openapi: none,
  metrics: none,
};
