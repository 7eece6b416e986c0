import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { RateLimit } from "#management";
import { at, closed, Id, Name, page } from "#schema-parts";

export const HOOK_METHODS = ["GET", "POST", "PUT", "PATCH"] as const;
export type HookMethod = (typeof HOOK_METHODS)[number];

export const VERIFICATION_KINDS = ["none", "hmac", "github", "standard"] as const;
export type VerificationKind = (typeof VERIFICATION_KINDS)[number];

const kind = Type.Enum(VERIFICATION_KINDS, {
  description:
    "How the sender's signature of the body is checked. none: the token is all. hmac: SHA-256 HMAC as hex or base64 in `header`. github: `X-Hub-Signature-256`. standard: Standard Webhooks.",
});
const header = Type.Optional(Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$", default: "X-Signature", description: "Of the kind hmac." }));

const settings = {
  name: Type.Optional(Name),
  version: Type.Optional(
    Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", default: "live", description: "`live`, or the version that every run has." }),
  ),
  methods: Type.Optional(Type.Array(Type.Enum(HOOK_METHODS), { minItems: 1, uniqueItems: true, default: ["POST"] })),
  headers: Type.Optional(
    Type.Array(Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$" }), {
      maxItems: 32,
      default: [],
      description: "Names of the request headers that `input` may read; no others are looked at.",
    }),
  ),
  input: Type.Optional(
    Type.Unsafe<object>({
      type: "object",
      description:
        'The run\'s input, with expressions over `body`, `query`, `headers` and `method`: `{ "ref": "{{ body.ref }}" }`. Absent: the members of the body, or, without one, of the query.',
    }),
  ),
  respond: Type.Optional(
    Type.Enum(["accepted", "result"], {
      default: "accepted",
      description: "accepted: 202 at once. result: the run's body, when it has ended.",
    }),
  ),
  maxBodyBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.bodyBytes.value, default: LIMITS.hookBodyBytes.value })),
  rateLimit: Type.Optional(RateLimit),
  enabled: Type.Optional(Type.Boolean({ default: true })),
};
const secret = Type.Optional(
  Type.String({ minLength: 16, maxLength: 256, description: "What the sender signs with; absent: one is made, and shown this once." }),
);

export const CreateHookBody = Type.Object(
  {
    workflow: Type.String({ description: "Id or name." }),
    ...settings,
    verification: Type.Optional(Type.Object({ kind, header, secret }, closed)),
  },
  closed,
);
export type CreateHookBody = Static<typeof CreateHookBody>;
export const UpdateHookBody = Type.Object(
  { ...settings, verification: Type.Optional(Type.Object({ kind, header, secret }, closed)) },
  closed,
);
export type UpdateHookBody = Static<typeof UpdateHookBody>;
export const RotateHookBody = Type.Object(
  {
    overlapHours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 168, default: 24, description: "How long the old token works beside the new one." }),
    ),
  },
  closed,
);
export type RotateHookBody = Static<typeof RotateHookBody>;

const members = {
  id: Id,
  name: Type.Optional(Name),
  workflowId: Id,
  workflowName: Type.Optional(Type.String({ description: "Absent: the workflow was deleted." })),
  version: Type.String(),
  methods: Type.Array(Type.Enum(HOOK_METHODS)),
  headers: Type.Array(Type.String()),
  input: settings.input,
  respond: Type.Enum(["accepted", "result"]),
  verification: Type.Object({ kind, header: Type.Optional(Type.String()) }, closed),
  maxBodyBytes: Type.Integer({ minimum: 1 }),
  rateLimit: RateLimit,
  enabled: Type.Boolean(),
  tokenHint: Type.String({ description: "First and last characters of the token." }),
  previousUntil: Type.Optional(at("Until when the token before works too")),
  createdAt: at("When it was made"),
  updatedAt: at("When it was last changed"),
};
export const HookView = Type.Object(members, closed);
export type HookView = Static<typeof HookView>;
export const HookList = page(HookView);
/** The only answers that hold what is secret. */
export const HookWithSecrets = Type.Object(
  {
    ...members,
    url: Type.Optional(Type.String({ description: "Where senders send to. Holds the token, and is shown this once." })),
    secret: Type.Optional(Type.String({ description: "What senders sign with, where it was made here. Shown this once." })),
  },
  closed,
);
export type HookWithSecrets = Static<typeof HookWithSecrets>;
