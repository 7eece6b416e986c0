import Type, { type Static } from "typebox";
import { WEBHOOK_METHODS } from "#run";
import { at, closed, Id, Name, page, paging } from "#schema-parts";

// What the management API tells of webhooks: deliveries, their attempts, and the endpoints that they went to.

export const DELIVERY_STATES = ["waiting", "due", "delivered", "failed", "disabled"] as const;
const DeliveryState = Type.Enum(DELIVERY_STATES, {
  description: "waiting: for the run's end; due; delivered; failed: all attempts did; disabled: the endpoint answered 410.",
});
const DeliveryId = Type.String({ pattern: "^msg_[0-9a-f]{32}_[0-9]{1,3}$", description: "`webhook-id` of every attempt." });
const WebhookMethod = Type.Enum(WEBHOOK_METHODS);
const HeaderValues = (description: string) => Type.Record(Type.String(), Type.String(), { description });

const deliveryMembers = {
  id: DeliveryId,
  runId: Type.Optional(Type.String({ description: "`workflowRunId` of the run that it tells of; absent: it is an alert's." })),
  workflowId: Type.Optional(Id),
  alertId: Type.Optional(Type.String({ description: "Of the alert that it tells of." })),
  method: WebhookMethod,
  url: Type.String(),
  state: DeliveryState,
  attemptCount: Type.Integer({ minimum: 0, description: "Attempts so far, those before a resend included." }),
  acceptedAt: at("When the run was accepted, or the alert fired"),
  nextAttemptAt: Type.Optional(at("When the next attempt is due")),
  endedAt: Type.Optional(at("When it was delivered or given up")),
};
/** An attempt in a list: whether an answer came, and which. */
export const AttemptOutcome = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    startedAt: at("When it began"),
    durationMs: Type.Integer({ minimum: 0 }),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 999, description: "Of the answer; absent: none came." })),
    errorType: Type.Optional(Type.String({ description: "Why no answer came." })),
  },
  closed,
);
export type AttemptOutcome = Static<typeof AttemptOutcome>;
export const DeliveryHeader = Type.Object(
  {
    ...deliveryMembers,
    lastAttempts: Type.Optional(Type.Array(AttemptOutcome, { description: "Where they were asked for: the last ten, in order." })),
  },
  closed,
);
export type DeliveryHeader = Static<typeof DeliveryHeader>;
export const DeliveryList = page(DeliveryHeader);
export const DeliveriesQuery = Type.Object(
  {
    run: Type.Optional(Type.String({ description: "Id of a run." })),
    workflow: Type.Optional(Type.String({ description: "Id or name." })),
    state: Type.Optional(DeliveryState),
    since: Type.Optional(at("Of runs accepted at or after")),
    attempts: Type.Optional(Type.Boolean({ default: false, description: "Say of each how its last attempts went." })),
    ...paging,
  },
  closed,
);

const attemptMembers = {
  startedAt: at("When it began"),
  durationMs: Type.Integer({ minimum: 0 }),
  request: Type.Object(
    {
      method: WebhookMethod,
      url: Type.String(),
      headers: HeaderValues("As sent; values that the caller of invoke set are shown as ***."),
    },
    closed,
  ),
  response: Type.Optional(
    Type.Object(
      {
        status: Type.Integer({ minimum: 100, maximum: 999 }),
        headers: HeaderValues("Lower-case names."),
        body: Type.String({ description: "Its first 16 KiB." }),
      },
      { ...closed, description: "Absent: no answer came." },
    ),
  ),
  error: Type.Optional(Type.Object({ type: Type.String(), message: Type.String() }, { ...closed, description: "Why no answer came." })),
};
export const AttemptView = Type.Object({ number: Type.Integer({ minimum: 1 }), ...attemptMembers }, closed);
export type AttemptView = Static<typeof AttemptView>;
export const DeliveryView = Type.Object({ ...deliveryMembers, attempts: Type.Array(AttemptView) }, closed);
export type DeliveryView = Static<typeof DeliveryView>;

export const RecoverBody = Type.Object(
  { since: at("Those that failed at or after"), workflow: Type.Optional(Type.String({ description: "Id or name; absent: all." })) },
  closed,
);
export type RecoverBody = Static<typeof RecoverBody>;
export const RecoverAnswer = Type.Object({ resent: Type.Integer({ minimum: 0 }) }, closed);
export type RecoverAnswer = Static<typeof RecoverAnswer>;

export const TestWebhookBody = Type.Object(
  {
    url: Type.Optional(Type.String({ description: "Absolute http or https URL; absent: only to those who listen." })),
    method: Type.Optional(Type.Enum(WEBHOOK_METHODS, { default: "POST" })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
);
export type TestWebhookBody = Static<typeof TestWebhookBody>;
export const TestWebhookAnswer = Type.Object(
  {
    delivered: Type.Boolean({ description: "The answer was 2xx; without a URL: somebody listens." }),
    listeners: Type.Integer({ minimum: 0, description: "How many were shown it." }),
    ...Type.Partial(Type.Object(attemptMembers)).properties,
  },
  closed,
);
export type TestWebhookAnswer = Static<typeof TestWebhookAnswer>;

/** What a listener is shown: a webhook as it goes out, at every attempt. */
export const OverheardDelivery = Type.Object(
  {
    id: Type.String({ description: "`webhook-id`." }),
    runId: Type.String({ description: "`workflowRunId` of the run that it tells of." }),
    workflowId: Id,
    status: Type.Enum(["SUCCEED", "FAILED"]),
    method: WebhookMethod,
    url: Type.Optional(Type.String({ description: "Where it goes; absent: a test event for those who listen." })),
    query: Type.Optional(Type.String({ description: "What a GET adds to the URL of its receiver." })),
    headers: HeaderValues("As sent, without what the caller of invoke set; but for its Content-Type."),
    body: Type.Optional(Type.String({ description: "As sent; absent: a GET." })),
  },
  closed,
);
export type OverheardDelivery = Static<typeof OverheardDelivery>;

const endpointMembers = { method: WebhookMethod, url: Type.String({ description: "Without its query." }) };
export const EndpointView = Type.Object(
  { workflowId: Type.Optional(Id), ...endpointMembers, disabledAt: at("When it answered 410") },
  closed,
);
export type EndpointView = Static<typeof EndpointView>;
export const EndpointList = page(EndpointView);

export const ENDPOINT_STATES = ["delivering", "failing", "disabled"] as const;
export const EndpointStatsQuery = Type.Object(
  { hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, default: 24, description: "Up to now." })) },
  closed,
);
const endpointFigures = {
  deliveries: Type.Integer({
    minimum: 0,
    description: "Deliveries of the time; an endpoint that was disabled is listed without any, too.",
  }),
  delivered: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0, description: "Given up; one that is still tried counts neither as delivered nor as failed." }),
  p95Ms: Type.Optional(Type.Integer({ minimum: 0, description: "Until it answered, within a tenth; absent: it never did." })),
  lastAt: Type.Optional(at("When the run of its newest delivery was accepted")),
};
export const EndpointStats = Type.Object(
  {
    since: at("Beginning of the time"),
    counted: Type.Integer({ minimum: 0, description: "Deliveries that were looked at: the newest of the time, 10,000 at most." }),
    data: Type.Array(
      Type.Object(
        {
          workflowId: Type.Optional(Id),
          workflowName: Type.Optional(Name),
          ...endpointMembers,
          state: Type.Enum(ENDPOINT_STATES, {
            description: "failing: the newest delivery that was tried has not arrived; disabled: it answered 410.",
          }),
          disabledAt: Type.Optional(at("When it answered 410")),
          ...endpointFigures,
        },
        closed,
      ),
      { description: "100 that had deliveries at most, then those that are disabled without one." },
    ),
    hosts: Type.Array(
      Type.Object(
        {
          host: Type.String({ description: "With the port, where it is not the scheme's own." }),
          state: Type.Enum(ENDPOINT_STATES, { description: "disabled: all endpoints on it are." }),
          ...endpointFigures,
        },
        closed,
      ),
      { description: "The same deliveries by where they went, of all endpoints on a host together; 100 at most." },
    ),
  },
  closed,
);
export type EndpointStats = Static<typeof EndpointStats>;

export const EnableEndpointBody = Type.Object(
  { workflow: Type.Optional(Type.String({ description: "Id or name; absent: it is the endpoint of alerts." })), ...endpointMembers },
  closed,
);
export type EnableEndpointBody = Static<typeof EnableEndpointBody>;

export const WebhookSecretView = Type.Object(
  {
    secret: Type.String({ pattern: "^whsec_[A-Za-z0-9+/]+=*$", description: "Signs the webhooks of the workflow." }),
    createdAt: at("When it was made"),
    previousUntil: Type.Optional(at("Until when the secret before it signs too")),
  },
  closed,
);
export type WebhookSecretView = Static<typeof WebhookSecretView>;
