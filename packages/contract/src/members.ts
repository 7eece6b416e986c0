import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { ROLES } from "#roles";
import { at, closed, Id, Name, page, paging } from "#schema-parts";

/** Who may operate the server: sessions, members, invitations, and what they did. */
const Role = Type.Enum(ROLES);
const Email = Type.String({ maxLength: LIMITS.emailCharacters.value, pattern: "^[^\\s@]+@[^\\s@]+$", description: "Kept in lower case." });
const Token = Type.String({ minLength: 1, maxLength: 200 });
const NewPassword = Type.String({
  minLength: LIMITS.passwordCharacters.value,
  maxLength: LIMITS.passwordCharactersMost.value,
  description: "Compared after Unicode normalisation (NFKC).",
});
/** One to sign in with may be of an earlier rule. */
const Password = Type.String({ minLength: 1, maxLength: LIMITS.passwordCharactersMost.value });

export const SetupView = Type.Object(
  {
    needed: Type.Boolean({ description: "No member can sign in yet." }),
    session: Type.Optional(Type.Literal(true, { description: "The request carries the cookie of a session, which may have ended." })),
    local: Type.Optional(
      Type.Literal(true, { description: "This is `millrace dev`, asked from its own machine: `signInLocally` opens a session." }),
    ),
  },
  closed,
);
export type SetupView = Static<typeof SetupView>;
export const SetUpBody = Type.Object(
  { token: Token, email: Email, name: Type.Optional(Name), password: NewPassword },
  { ...closed, description: "The token is the one that `millrace start` printed." },
);
export type SetUpBody = Static<typeof SetUpBody>;
export const SignInBody = Type.Object({ email: Type.String({ maxLength: LIMITS.emailCharacters.value }), password: Password }, closed);
export type SignInBody = Static<typeof SignInBody>;
export const SignInByLinkBody = Type.Object({ token: Token }, closed);
export type SignInByLinkBody = Static<typeof SignInByLinkBody>;
export const SignInLink = Type.Object(
  { url: Type.String({ description: "Signs in as the key that asked for it, once." }), expiresAt: at("Until when") },
  closed,
);
export type SignInLink = Static<typeof SignInLink>;

const sessionMembers = {
  id: Id,
  createdAt: at("When it began"),
  lastUsedAt: at("When it was last used, true within a minute"),
  expiresAt: at("When it ends, however much it is used"),
  address: Type.String({ description: "Where it began." }),
  userAgent: Type.Optional(Type.String({ description: "Of the browser, as it named itself." })),
  current: Type.Boolean({ description: "The session of this request." }),
};
export const SessionView = Type.Object(sessionMembers, closed);
export type SessionView = Static<typeof SessionView>;
export const SessionList = page(SessionView);
export const ChangePasswordBody = Type.Object({ current: Password, password: NewPassword }, closed);
export type ChangePasswordBody = Static<typeof ChangePasswordBody>;

export const MEMBER_STATES = ["active", "disabled"] as const;
const memberMembers = {
  id: Id,
  email: Type.String(),
  name: Type.Optional(Name),
  role: Role,
  state: Type.Enum(MEMBER_STATES),
  createdAt: at("When the member joined"),
  lastSignInAt: Type.Optional(at("When the member last signed in")),
};
export const MemberView = Type.Object(memberMembers, closed);
export type MemberView = Static<typeof MemberView>;
export const MemberList = page(MemberView);
export const UpdateMemberBody = Type.Object({ role: Type.Optional(Role), state: Type.Optional(Type.Enum(MEMBER_STATES)) }, closed);
export type UpdateMemberBody = Static<typeof UpdateMemberBody>;

const invitationMembers = {
  id: Id,
  email: Type.String(),
  role: Role,
  createdAt: at("When it was made"),
  expiresAt: at("Until when it can be accepted"),
};
export const InvitationView = Type.Object(invitationMembers, closed);
export type InvitationView = Static<typeof InvitationView>;
export const InvitationList = page(InvitationView);
export const InviteBody = Type.Object({ email: Email, role: Role }, closed);
export type InviteBody = Static<typeof InviteBody>;
export const InviteAnswer = Type.Object(
  { ...invitationMembers, url: Type.String({ description: "For the invited, once; shown this once. No mail is sent." }) },
  closed,
);
export type InviteAnswer = Static<typeof InviteAnswer>;
export const AcceptInvitationBody = Type.Object({ token: Token, name: Type.Optional(Name), password: NewPassword }, closed);
export type AcceptInvitationBody = Static<typeof AcceptInvitationBody>;

export const AUDIT_ACTORS = ["member", "key", "system", "nobody"] as const;
export const AUDIT_RESULTS = ["done", "refused", "failed"] as const;
export const AuditView = Type.Object(
  {
    id: Type.String({ description: "Ascending." }),
    at: at("When"),
    actor: Type.Object(
      {
        kind: Type.Enum(AUDIT_ACTORS),
        id: Type.Optional(Id),
        name: Type.Optional(Type.String({ description: "Email of a member, name of a key, as it was then." })),
      },
      {
        ...closed,
        description:
          "system: a command on the data directory. nobody: a request that carried no identity; with a link to an approval, the name in it.",
      },
    ),
    action: Type.String({ description: "Id of the route, or what a command did." }),
    targets: Type.Record(Type.String(), Type.String(), { description: "Ids or names of what it was done to, by kind." }),
    address: Type.Optional(Type.String({ description: "Where the request came from." })),
    status: Type.Optional(Type.Integer({ description: "HTTP status of the answer." })),
    result: Type.Enum(AUDIT_RESULTS, { description: "refused: 4xx. failed: 5xx." }),
    requestId: Type.Optional(Type.String()),
  },
  closed,
);
export type AuditView = Static<typeof AuditView>;
export const AuditList = page(AuditView);
export const AuditQuery = Type.Object(
  {
    actor: Type.Optional(Type.String({ description: "Id of a member or key." })),
    action: Type.Optional(Type.String()),
    target: Type.Optional(Type.String({ description: "Id or name of what it was done to." })),
    result: Type.Optional(Type.Enum(AUDIT_RESULTS)),
    since: Type.Optional(at("At or after")),
    until: Type.Optional(at("Before")),
    ...paging,
  },
  closed,
);
