import Type from "typebox";
import { DELIVERY_ID, ID, RUN_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import * as M from "#webhook-views";

const url = "https://hooks.example.com/runs";
const sent = {
  id: DELIVERY_ID,
  runId: RUN_ID,
  workflowId: ID,
  method: "POST",
  url,
  attemptCount: 1,
  acceptedAt: 1790000000100,
} as const;
const delivery = { ...sent, state: "delivered", endedAt: 1790000002080 } as const;
const attempt = {
  startedAt: 1790000002000,
  durationMs: 80,
  request: {
    method: "POST",
    url,
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "Millrace/0.1.0",
      "webhook-id": DELIVERY_ID,
      "webhook-timestamp": "1790000002",
      "webhook-signature": "v1,y+f3wYmya5Wsn/4OjypUXg1CEdBSMYmbqxAGheUa9W0=",
      "X-Team": "***",
    },
  },
  response: { status: 200, headers: { "content-type": "text/plain" }, body: "ok" },
} as const;
const { "X-Team": _, ...headers } = attempt.request.headers;
const overheard = {
  id: DELIVERY_ID,
  runId: RUN_ID,
  workflowId: ID,
  status: "SUCCEED",
  method: "POST",
  url,
  headers,
  body: '{"workflowRunId":"…"}',
} satisfies M.OverheardDelivery;
const secret = { secret: "whsec_TWlsbHJhY2VFeGFtcGxlU2VjcmV0MDEyMzQ1Njc4OTA=", createdAt: 1790000000000 } as const;
const base = { mark: "own", tag: "Webhooks", auth: "key:admin" } as const;

export const WEBHOOK_ROUTES = [
  {
    ...base,
    id: "listDeliveries",
    method: "GET",
    path: "/api/v1/webhooks/deliveries",
    permission: "view",
    summary: "List webhook deliveries, newest run first",
    query: M.DeliveriesQuery,
    responses: {
      200: { description: "One page.", schema: M.DeliveryList, examples: { page: { data: [delivery], nextCursor: DELIVERY_ID } } },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getDelivery",
    method: "GET",
    path: "/api/v1/webhooks/deliveries/{delivery}",
    permission: "view",
    summary: "Read a delivery with its attempts",
    responses: {
      200: {
        description: "The delivery.",
        schema: M.DeliveryView,
        examples: { delivered: { ...delivery, attempts: [{ number: 1, ...attempt }] } },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "resendDelivery",
    method: "POST",
    path: "/api/v1/webhooks/deliveries/{delivery}/resend",
    permission: "operate",
    summary: "Send a delivery again",
    description: "Under the same `webhook-id` and with the same body, on a new schedule of attempts.",
    responses: {
      200: {
        description: "The delivery, which is due now.",
        schema: M.DeliveryHeader,
        examples: { due: { ...sent, state: "due", nextAttemptAt: 1790000300000 } },
      },
    },
    errors: ["not_found", "conflict"],
  },
  {
    ...base,
    id: "recoverDeliveries",
    method: "POST",
    path: "/api/v1/webhooks/recover",
    permission: "operate",
    summary: "Send again what has failed",
    body: { schema: M.RecoverBody, examples: { recover: { since: 1790000000000, workflow: "greet" } } },
    responses: { 200: { description: "How many are due now.", schema: M.RecoverAnswer, examples: { recovered: { resent: 3 } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "listenToWebhooks",
    method: "GET",
    path: "/api/v1/webhooks/listen",
    permission: "operate",
    summary: "Listen to the deliveries of this server",
    description:
      "Server-Sent Events: `delivery` for every attempt and test event from now on, `missed` with a number where the listener reads too slowly. Listening changes no delivery and leaves nothing behind.",
    responses: {
      200: {
        description: "The deliveries, until either side ends the stream.",
        contentTypes: ["text/event-stream"],
        schema: Type.String({ description: "`data` is an OverheardDelivery or, with missed, an object with that number." }),
        examples: { stream: `event: delivery\ndata: ${JSON.stringify(overheard)}\n\n` },
      },
    },
    errors: ["overloaded"],
  },
  {
    ...base,
    id: "listWebhookEndpoints",
    method: "GET",
    path: "/api/v1/webhooks/endpoints",
    permission: "view",
    summary: "How the endpoints of webhooks have done",
    description: "Of the newest deliveries of the time, whose runs were accepted or whose alerts fired in it.",
    query: M.EndpointStatsQuery,
    responses: {
      200: {
        description: "The endpoints, first the one that a delivery was owed to last.",
        schema: M.EndpointStats,
        examples: {
          day: {
            since: 1789913600000,
            counted: 1,
            data: [
              {
                workflowId: ID,
                workflowName: "greet",
                method: "POST",
                url,
                state: "delivering",
                deliveries: 1,
                delivered: 1,
                failed: 0,
                p95Ms: 80,
                lastAt: 1790000000100,
              },
            ],
            hosts: [
              { host: "hooks.example.com", state: "delivering", deliveries: 1, delivered: 1, failed: 0, p95Ms: 80, lastAt: 1790000000100 },
            ],
          },
        },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "listDisabledEndpoints",
    method: "GET",
    path: "/api/v1/webhooks/disabled-endpoints",
    permission: "view",
    summary: "List endpoints that answered 410",
    responses: {
      200: {
        description: "All of them.",
        schema: M.EndpointList,
        examples: { page: { data: [{ workflowId: ID, method: "POST", url, disabledAt: 1790000002080 }] } },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "enableEndpoint",
    method: "POST",
    path: "/api/v1/webhooks/disabled-endpoints/enable",
    permission: "operate",
    summary: "Enable an endpoint again",
    description: "Deliveries that were recorded as disabled stay so until they are sent again.",
    body: { schema: M.EnableEndpointBody, examples: { enable: { workflow: "greet", method: "POST", url } } },
    responses: { 204: { description: "Enabled." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "testWebhook",
    method: "POST",
    path: "/api/v1/workflows/{workflow}/webhook-test",
    permission: "edit",
    summary: "Send a test event to a URL",
    description:
      "Signed as the webhooks of the workflow are, of a run that never was; once, and without a trace. Those who listen are shown it too.",
    body: { schema: M.TestWebhookBody, examples: { post: { url }, toListeners: {} } },
    responses: {
      200: {
        description: "What came of it.",
        schema: M.TestWebhookAnswer,
        examples: { delivered: { delivered: true, listeners: 0, ...attempt } },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getWebhookSecret",
    audited: true,
    method: "GET",
    path: "/api/v1/workflows/{workflow}/webhook-secret",
    permission: "edit",
    summary: "Read the secret that signs the webhooks of a workflow",
    responses: { 200: { description: "The secret.", schema: M.WebhookSecretView, examples: { secret } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "rotateWebhookSecret",
    method: "POST",
    path: "/api/v1/workflows/{workflow}/webhook-secret/rotate",
    permission: "edit",
    summary: "Replace the secret that signs the webhooks of a workflow",
    description: "For 24 hours both sign, so that receivers can change over; a secret before these two signs no more.",
    responses: {
      200: {
        description: "The new secret.",
        schema: M.WebhookSecretView,
        examples: { rotated: { ...secret, previousUntil: 1790086400000 } },
      },
    },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
