import Type, { type Static } from "typebox";
import { ALERT_KINDS } from "#alert-kinds";
import { LANGUAGES } from "#language";
import { LIMITS } from "#limits";
import { at, closed, Id, Name, page, paging } from "#schema-parts";
import { AttemptView } from "#webhook-views";

/** webhook: the event as JSON, signed. slack: a text for people, `{"text": …}`, as Slack and what imitates it take it. email: a mail for people. */
export const ALERT_CHANNELS = ["webhook", "slack", "email"] as const;
export type AlertChannelKind = (typeof ALERT_CHANNELS)[number];

const AlertKindWord = Type.Enum(ALERT_KINDS, { description: "What is watched." });
const Channel = Type.Object(
  {
    kind: Type.Enum(ALERT_CHANNELS, {
      description: "webhook: the event as signed JSON; slack: a text for people; email: a mail, where the server has MILLRACE_SMTP_URL.",
    }),
    url: Type.String({
      minLength: 1,
      maxLength: LIMITS.webhookUrlCharacters.value,
      description:
        "Absolute http or https URL, which is called with POST; with email `mailto:` and up to ten addresses, separated by commas.",
    }),
  },
  closed,
);

const settings = {
  name: Type.Optional(Name),
  threshold: Type.Optional(
    Type.Number({ description: "In the unit of the kind: runs, percent, ms, times, credits or deliveries. Default: by kind." }),
  ),
  windowS: Type.Optional(Type.Integer({ minimum: 60, description: "Seconds that are looked back on. Default: by kind." })),
  channel: Channel,
  language: Type.Optional(
    Type.Enum(LANGUAGES, {
      description: "Of the sentence for people. Default: that of the request which makes the rule (`Accept-Language`).",
    }),
  ),
  quietS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LIMITS.alertQuiet.value / 1_000,
      default: 3_600,
      description: "Seconds after firing in which it does not fire again.",
    }),
  ),
  enabled: Type.Optional(Type.Boolean({ default: true })),
};

export const CreateAlertBody = Type.Object(
  {
    kind: AlertKindWord,
    workflow: Type.Optional(Type.String({ description: "Id or name; absent: all workflows together. Not with budget." })),
    budget: Type.Optional(Type.String({ description: "With kind budget: the id of one; absent: any of them." })),
    ...settings,
  },
  closed,
);
export type CreateAlertBody = Static<typeof CreateAlertBody>;
export const UpdateAlertBody = Type.Partial(Type.Object(settings, closed), closed);
export type UpdateAlertBody = Static<typeof UpdateAlertBody>;

const Figure = (description: string) => Type.Number({ description: `${description}, in the unit of the kind.` });

export const AlertView = Type.Object(
  {
    id: Id,
    name: Type.Optional(Name),
    kind: AlertKindWord,
    workflowId: Type.Optional(Id),
    workflowName: Type.Optional(Type.String({ description: "Absent: the workflow was deleted." })),
    budgetId: Type.Optional(Id),
    threshold: Type.Optional(Type.Number({ description: "Absent: the kind has none." })),
    windowS: Type.Optional(Type.Integer({ description: "Absent: the kind has none." })),
    channel: Channel,
    language: Type.Enum(LANGUAGES, { description: "Of the sentence for people." }),
    quietS: Type.Integer(),
    enabled: Type.Boolean(),
    state: Type.Enum(["ok", "firing"], { description: "firing: it has fired, and what it tells of goes on." }),
    firedAt: Type.Optional(at("When it last fired")),
    seenAt: Type.Optional(at("When it was last looked at, since the server began")),
    figures: Type.Array(Type.Union([Figure("What was seen"), Type.Null()]), {
      description: "What the last looks saw, the last one last; null: too little to say. Kept in memory, since the server began.",
    }),
    createdAt: at("When it was made"),
    updatedAt: at("When it was last changed"),
  },
  closed,
);
export type AlertView = Static<typeof AlertView>;
export const AlertList = Type.Object({ data: Type.Array(AlertView) }, closed);
export type AlertList = Static<typeof AlertList>;

export const AlertEventView = Type.Object(
  {
    id: Type.String({ description: "UUIDv7." }),
    alertId: Id,
    type: Type.Enum(["fired", "recovered"]),
    at: at("When it happened"),
    figure: Type.Optional(Figure("What was seen")),
    text: Type.String({ description: "One sentence of it, in the language of the rule: what Slack is told." }),
    deliveryId: Type.String({ description: "Of the webhook that tells of it." }),
  },
  closed,
);
export type AlertEventView = Static<typeof AlertEventView>;
export const AlertEventList = page(AlertEventView);
export const AlertEventsQuery = Type.Object({ alert: Type.Optional(Id), ...paging }, closed);
export type AlertEventsQuery = Static<typeof AlertEventsQuery>;

export const TestAlertAnswer = Type.Object(
  {
    delivered: Type.Boolean({ description: "The answer was 2xx." }),
    ...Type.Omit(AttemptView, ["number"]).properties,
  },
  closed,
);
export type TestAlertAnswer = Static<typeof TestAlertAnswer>;

/** The body of the webhook that an alert sends. */
export const AlertMessage = Type.Object(
  {
    type: Type.Enum(["alert.fired", "alert.recovered"]),
    id: Type.String({ description: "Of the event; the same at every attempt." }),
    test: Type.Boolean({ description: "true: somebody tries the channel, and nothing has happened." }),
    at: at("When it happened"),
    alert: Type.Object(
      {
        id: Id,
        name: Type.Optional(Name),
        kind: AlertKindWord,
        workflowId: Type.Optional(Id),
        workflowName: Type.Optional(Type.String()),
        budgetId: Type.Optional(Id),
        threshold: Type.Optional(Type.Number()),
        windowS: Type.Optional(Type.Integer()),
      },
      closed,
    ),
    figure: Type.Optional(Figure("What was seen")),
    text: Type.String({ description: "One sentence of it, in the language of the rule." }),
  },
  closed,
);
export type AlertMessage = Static<typeof AlertMessage>;
