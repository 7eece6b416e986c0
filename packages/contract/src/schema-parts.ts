import Type, { type TSchema } from "typebox";
import { LIMITS } from "#limits";

// What the schemas of the management API are made of.

export const closed = { additionalProperties: false };
export const at = (what: string) => Type.Integer({ minimum: 0, description: `${what} (epoch milliseconds).` });
export const Id = Type.String({ pattern: "^[0-9a-f]{24}$", description: "24 hex characters." });
export const Name = Type.String({ minLength: 1, maxLength: 200 });

export const Version = Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", description: "Opaque text." });
export const Note = Type.String({
  maxLength: LIMITS.versionNoteCharacters.value,
  description: "Why this version was made. Absent: it is noted as what differs from the live one, in the language of whoever reads.",
});
export const JsonMembers = (description: string) => Type.Unsafe<object>({ type: "object", description });
export const Document = JsonMembers("A workflow document, format millrace/1.");

/** One page of a list; `nextCursor` is absent on the last. */
export const page = <T extends TSchema>(row: T) =>
  Type.Object(
    { data: Type.Array(row), nextCursor: Type.Optional(Type.String({ description: "For `?cursor=`; absent on the last page." })) },
    closed,
  );

/** What lists go on from: an id, or a number. Anything else would only begin anew. */
const Cursor = Type.String({ pattern: "^(msg_)?[0-9a-f_-]{1,64}$", description: "`nextCursor` of the page before." });

export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.pageRows.value, default: 20, description: "Rows of one page." })),
  cursor: Type.Optional(Cursor),
};
