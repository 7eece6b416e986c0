import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed, page, paging } from "#schema-parts";

// Who saved a draft and when, and what it was before.

export const Author = Type.Object(
  {
    kind: Type.Enum(["member", "key"]),
    id: Type.String(),
    name: Type.String({ description: "Email of the member, name of the key." }),
  },
  { ...closed, description: "Absent where the server saved by itself: a file that it watches." },
);

export const Editor = Type.String({
  minLength: 1,
  maxLength: LIMITS.draftEditorCharacters.value,
  description: "Names the window or tool that the draft is edited in. Its saves in a row, within a minute, are one entry of the history.",
});

export const DraftSave = Type.Object(
  { savedAt: at("When the draft was saved"), savedBy: Type.Optional(Author), editor: Type.Optional(Editor) },
  { ...closed, description: "The last save of the draft." },
);

const entryMembers = {
  entry: Type.Integer({ minimum: 1, description: "Number of the entry." }),
  outcome: Type.Enum(["saved", "refused"], { description: "refused: another save had come before it; it is kept here and nowhere else." }),
  revision: Type.Integer({ minimum: 0, description: "Of the draft that it was; of a refused save the one that it started from." }),
  savedAt: at("When it was saved, or refused"),
  savedBy: Type.Optional(Author),
  editor: Type.Optional(Editor),
  bytes: Type.Integer({ minimum: 0, description: "Of its document, as text." }),
};
export const DraftEntryView = Type.Object(entryMembers, closed);
export type DraftEntryView = Static<typeof DraftEntryView>;
export const DraftEntryList = page(DraftEntryView);
export const DraftEntryDetail = Type.Object(
  { ...entryMembers, document: Type.Unsafe<object>({ type: "object", description: "The document as it was saved." }) },
  closed,
);
export const DraftHistoryQuery = Type.Object(paging, closed);

/** What a stale save ran into; in the body of the 409. */
export const DraftConflictSchema = Type.Object(
  {
    revision: Type.Integer({ description: "That the draft has." }),
    ifRevision: Type.Integer({ description: "That the save started from." }),
    savedAt: at("When the draft was saved"),
    savedBy: Type.Optional(Author),
    editor: Type.Optional(Editor),
    kept: Type.Optional(Type.Integer({ description: "Entry of the draft's history that has the refused save." })),
  },
  { ...closed, description: "Of a save that came too late." },
);
