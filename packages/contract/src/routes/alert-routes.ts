import { AlertEventList, AlertEventsQuery, AlertList, AlertView, CreateAlertBody, TestAlertAnswer, UpdateAlertBody } from "#alerts";
import { ALERT_EVENT_ID, ALERT_ID, ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { WebhookSecretView } from "#webhook-views";

const url = "https://hooks.example.com/alerts";
const alert = {
  id: ALERT_ID,
  kind: "failure_rate",
  workflowId: ID,
  workflowName: "headline_digest",
  threshold: 5,
  windowS: 3600,
  channel: { kind: "webhook", url },
  language: "en",
  quietS: 3600,
  enabled: true,
  state: "firing",
  firedAt: 1790000002000,
  seenAt: 1790000002000,
  figures: [0, 2.5, 12.5],
  createdAt: 1789900000000,
  updatedAt: 1789900000000,
} as const;
const event = {
  id: ALERT_EVENT_ID,
  alertId: ALERT_ID,
  type: "fired",
  at: 1790000002000,
  figure: 12.5,
  text: "12.5 % of the runs of headline_digest failed within 1 h (alert above 5 %).",
  deliveryId: "msg_01a0c4506c647b219f0e5d2c8a6b4e77_0",
} as const;
const tried = {
  startedAt: 1790000002000,
  durationMs: 80,
  request: { method: "POST", url, headers: { "Content-Type": "application/json", "webhook-id": "msg_test_0a1b" } },
  response: { status: 200, headers: { "content-type": "text/plain" }, body: "ok" },
} as const;
const secret = { secret: "whsec_TWlsbHJhY2VFeGFtcGxlU2VjcmV0MDEyMzQ1Njc4OTA=", createdAt: 1790000000000 } as const;
const one = (description: string) => ({ description, schema: AlertView, examples: { alert } });
const base = { mark: "own", tag: "Alerts", auth: "key:admin" } as const;

export const ALERT_ROUTES = [
  {
    ...base,
    id: "listAlerts",
    permission: "view",
    method: "GET",
    path: "/api/v1/alerts",
    summary: "List the alert rules, with what they see",
    responses: { 200: { description: "All of them.", schema: AlertList, examples: { all: { data: [alert] } } } },
    errors: [],
  },
  {
    ...base,
    id: "createAlert",
    permission: "edit",
    method: "POST",
    path: "/api/v1/alerts",
    summary: "Be told when something goes wrong",
    description:
      "The rule is looked at twice a minute. It fires once, is quiet for quietS, and tells when it has recovered. What it tells is a webhook delivery: signed with the secret of alerts, and tried again as others are.",
    body: {
      schema: CreateAlertBody,
      examples: {
        failureRate: { kind: "failure_rate", workflow: "headline_digest", threshold: 5, channel: { kind: "webhook", url } },
        budget: { kind: "budget", threshold: 80, channel: { kind: "slack", url } },
      },
    },
    responses: { 201: one("The rule.") },
    errors: ["not_found", "conflict"],
  },
  {
    ...base,
    id: "listAlertEvents",
    permission: "view",
    method: "GET",
    path: "/api/v1/alerts/events",
    summary: "List what alerts told, newest first",
    query: AlertEventsQuery,
    responses: { 200: { description: "One page.", schema: AlertEventList, examples: { page: { data: [event] } } } },
    errors: [],
  },
  {
    ...base,
    id: "getAlertSecret",
    audited: true,
    permission: "edit",
    method: "GET",
    path: "/api/v1/alerts/secret",
    summary: "Read the secret that signs what alerts tell",
    responses: { 200: { description: "The secret.", schema: WebhookSecretView, examples: { secret } } },
    errors: [],
  },
  {
    ...base,
    id: "rotateAlertSecret",
    permission: "edit",
    method: "POST",
    path: "/api/v1/alerts/secret/rotate",
    summary: "Replace the secret that signs what alerts tell",
    description: "For 24 hours both sign, so that receivers can change over; a secret before these two signs no more.",
    responses: {
      200: {
        description: "The new secret.",
        schema: WebhookSecretView,
        examples: { rotated: { ...secret, previousUntil: 1790086400000 } },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "getAlert",
    permission: "view",
    method: "GET",
    path: "/api/v1/alerts/{alert}",
    summary: "Read an alert rule",
    responses: { 200: one("The rule.") },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "updateAlert",
    permission: "edit",
    method: "PATCH",
    path: "/api/v1/alerts/{alert}",
    summary: "Change, pause or resume an alert rule",
    description: "It is watched anew from then on; the quiet period since it last fired goes on.",
    body: { schema: UpdateAlertBody, examples: { pause: { enabled: false }, threshold: { threshold: 10 } } },
    responses: { 200: one("The rule as it is now.") },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "deleteAlert",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/alerts/{alert}",
    summary: "Delete an alert rule",
    description: "What it has told stays as long as runs do.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "testAlert",
    permission: "operate",
    method: "POST",
    path: "/api/v1/alerts/{alert}/test",
    summary: "Try the channel of an alert rule",
    description: 'Sends what the rule would, marked with `"test": true`; once, signed, and without a trace.',
    responses: {
      200: { description: "What came of it.", schema: TestAlertAnswer, examples: { delivered: { delivered: true, ...tried } } },
    },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
