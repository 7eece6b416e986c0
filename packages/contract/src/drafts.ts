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
  bytes: Type.Integer({ minimum: 0, description: "Bytes of its document, as text." }),
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
    revision: Type.Integer({ description: "Revision that the draft has." }),
    ifRevision: Type.Integer({ description: "That the save started from." }),
    savedAt: at("When the draft was saved"),
    savedBy: Type.Optional(Author),
    editor: Type.Optional(Editor),
    kept: Type.Optional(Type.Integer({ description: "Entry of the draft's history that has the refused save." })),
  },
  { ...closed, description: "Of a save that came too late." },
);

const NodeRef = Type.String({ minLength: 1, maxLength: 64, description: "Id of a node of the draft." });

export const PinView = Type.Object(
  {
    output: Type.Unknown({
      description: "What the node gives in place of running. Of a container around a node that runs alone: its `item`, and its variables.",
    }),
    port: Type.Optional(Type.String({ description: "The port taken; absent: as in the base run, or the first." })),
  },
  closed,
);
export const Pins = Type.Record(Type.String(), PinView, { description: "By node id. They are the draft's, and in no version." });
export type Pins = Static<typeof Pins>;

export const DraftRunBody = Type.Object(
  {
    input: Type.Optional(Type.Unsafe<object>({ type: "object", description: "Absent: that of the base run, or empty." })),
    userId: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.userIdCharacters.value })),
    mock: Type.Optional(
      Type.Boolean({
        description: "true: nodes ask the built-in model in place of the models that they name; nothing is paid for models.",
      }),
    ),
    target: Type.Optional(
      Type.Object(
        {
          node: NodeRef,
          mode: Type.Enum(["only", "upTo", "from"], {
            description:
              "only: the node alone, on pinned or recorded values. upTo: what leads to it, and the node. from: the node and what follows it, on the results of the base run; where the node is pinned, only what reads it.",
          }),
        },
        { ...closed, description: "Absent: the whole draft." },
      ),
    ),
    pins: Type.Optional(Pins),
    baseRun: Type.Optional(Type.String({ description: "Id of an ended run of the workflow. Its results are taken over where they hold." })),
    failOnce: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: "Id of a node whose first attempt is made to fail, to see it tried again." }),
    ),
    crashOnce: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          "Id of a node with effects outside. While its first attempt is under way, the run is dropped from memory, as when its process dies; a second later it is taken over and goes on from its journal.",
      }),
    ),
  },
  closed,
);
export type DraftRunBody = Static<typeof DraftRunBody>;

const FileLink = Type.Object(
  {
    path: Type.String({ description: "From the project's folder." }),
    conflict: Type.Boolean({ description: "File and draft both changed since they last said the same; neither is overwritten." }),
  },
  { ...closed, description: "The file that `millrace dev` keeps the workflow in." },
);

/** Of a workflow that is read. */
export const draftMembers = { saved: Type.Optional(DraftSave), file: Type.Optional(FileLink) };
