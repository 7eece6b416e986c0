import Type, { type Static } from "typebox";
import { at, closed, Name, page } from "#schema-parts";

// Keys of an organisation: for its published endpoints under /v1/org, by Basic authentication.

const members = {
  devKey: Type.String({ pattern: "^[0-9a-f]{24}$", description: "The user of Basic authentication; also its id." }),
  name: Type.Optional(Name),
  orgId: Type.String({ description: "What requests name as `org_id`." }),
  createdAt: at("When the key was made"),
  expiresAt: Type.Optional(at("When it stops working")),
};
export const DevKeyView = Type.Object(members, closed);
export type DevKeyView = Static<typeof DevKeyView>;
export const DevKeyList = page(DevKeyView);
export const CreateDevKeyBody = Type.Object(
  { name: Type.Optional(Name), expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })) },
  closed,
);
export type CreateDevKeyBody = Static<typeof CreateDevKeyBody>;
export const CreateDevKeyAnswer = Type.Object(
  {
    ...members,
    devSecret: Type.String({ pattern: "^mrd_[A-Za-z0-9_-]{40}$", description: "The password of Basic authentication, shown this once." }),
  },
  closed,
);
export type CreateDevKeyAnswer = Static<typeof CreateDevKeyAnswer>;
