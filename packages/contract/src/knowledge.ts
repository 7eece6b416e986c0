import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed, Id, Name, page, paging } from "#schema-parts";

// Knowledge bases of the management API.

const Description = Type.String({ maxLength: 2_000, description: "What it is about." });
const Language = Type.String({
  pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
  description: "BCP 47, a hint for taking words apart: zh, ja, en. Absent: any.",
});
const EmbeddingModel = Type.String({
  minLength: 1,
  maxLength: 200,
  description: "connection/model that makes vectors. Absent: passages are found by their words.",
});
const cuts = {
  passageCharacters: Type.Optional(
    Type.Integer({ minimum: 200, maximum: 8_000, default: 1_000, description: "Characters of one passage at most." }),
  ),
  overlapCharacters: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 4_000,
      default: 150,
      description: "Characters of its predecessor's end that a passage begins with; half of a passage at most.",
    }),
  ),
};

export const CreateKnowledgeBody = Type.Object(
  {
    name: Name,
    description: Type.Optional(Description),
    language: Type.Optional(Language),
    embeddingModel: Type.Optional(EmbeddingModel),
    ...cuts,
  },
  closed,
);
export type CreateKnowledgeBody = Static<typeof CreateKnowledgeBody>;
export const UpdateKnowledgeBody = Type.Object({ name: Type.Optional(Name), description: Type.Optional(Description) }, closed);
export type UpdateKnowledgeBody = Static<typeof UpdateKnowledgeBody>;

const Count = (description: string) => Type.Integer({ minimum: 0, description });
export const KnowledgeView = Type.Object(
  {
    id: Id,
    name: Name,
    description: Type.Optional(Description),
    language: Type.Optional(Language),
    embeddingModel: Type.Optional(EmbeddingModel),
    passageCharacters: Type.Integer({ minimum: 1 }),
    overlapCharacters: Type.Integer({ minimum: 0 }),
    documents: Count("All of them."),
    waiting: Count("How many documents are being indexed, or wait for it."),
    failed: Count("How many documents could not be indexed."),
    passages: Count("How many passages its documents have."),
    createdAt: at("When it was made"),
    updatedAt: at("When it was last changed"),
  },
  closed,
);
export type KnowledgeView = Static<typeof KnowledgeView>;
export const KnowledgeList = page(KnowledgeView);
export const KnowledgeQuery = Type.Object(paging, closed);

/** Names of the members of a document's metadata. */
export const METADATA_KEY = "^[A-Za-z0-9_.-]{1,64}$";

const MetadataScalar = Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Boolean()]);
const Metadata = Type.Record(
  Type.String({ pattern: METADATA_KEY }),
  Type.Union([MetadataScalar, Type.Array(MetadataScalar, { maxItems: 100 })]),
  { additionalProperties: false, description: "Values that a search can filter by: texts, numbers, true and false, and lists of these." },
);

export const AddDocumentBody = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: "Its extension says the format. A document of the same name is replaced. Needed but with a url.",
      }),
    ),
    text: Type.Optional(Type.String({ description: "The contents; exactly one of text, base64 and url." })),
    base64: Type.Optional(Type.String({ description: "The contents of a file." })),
    url: Type.Optional(Type.String({ maxLength: LIMITS.fileUrlCharacters.value, description: "Absolute http or https, fetched at once." })),
    mediaType: Type.Optional(Type.String({ maxLength: 200, description: "Says the format where the name does not." })),
    metadata: Type.Optional(Metadata),
  },
  closed,
);
export type AddDocumentBody = Static<typeof AddDocumentBody>;

export const DocumentView = Type.Object(
  {
    id: Id,
    name: Type.String(),
    state: Type.Enum(["waiting", "indexed", "failed"]),
    searchable: Type.Boolean({ description: "It is found: whole as it is, or as it was before it was last replaced." }),
    done: Count("How many passages are indexed."),
    total: Type.Optional(Count("How many passages there will be; absent: it is not read yet.")),
    error: Type.Optional(Type.String({ description: "Why it failed." })),
    errorType: Type.Optional(
      Type.String({
        description: "What kind of failure that is: `/errors/<type>` says what helps. Absent where it failed before there were types.",
      }),
    ),
    bytes: Count("Bytes, as it was sent."),
    characters: Count("Characters of its text."),
    url: Type.Optional(Type.String()),
    mediaType: Type.Optional(Type.String()),
    metadata: Metadata,
    indexing: Type.Object(
      { tokens: Count("Tokens of the embedding model."), credits: Type.String({ description: "Exact decimal; 100 = US$1." }) },
      { ...closed, description: "What its vectors cost: `knowledge_doc_indexing`." },
    ),
    createdAt: at("When a document of this name was first added"),
    updatedAt: at("When it was last added, indexed or failed"),
    indexedAt: Type.Optional(at("When it was last whole")),
  },
  closed,
);
export type DocumentView = Static<typeof DocumentView>;
export const DocumentList = page(DocumentView);
export const UploadAnswer = Type.Object({ documents: Type.Array(DocumentView) }, closed);
export type UploadAnswer = Static<typeof UploadAnswer>;

export const SearchBody = Type.Object(
  {
    query: Type.String({ minLength: 1, maxLength: LIMITS.queryCharacters.value, description: "A question or words." }),
    topK: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10, description: "Passages at most." })),
    minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0, description: "Passages with less are left out." })),
    filter: Type.Optional(
      Type.Unsafe<object>({
        type: "object",
        description:
          'By metadata: `{"lang": "en", "year": {"gte": 2024}, "kind": {"in": ["a", "b"]}, "draft": {"exists": false}, "team": {"not": "x"}}`; all of it holds.',
      }),
    ),
  },
  closed,
);
export type SearchBody = Static<typeof SearchBody>;

export const FoundView = Type.Object(
  {
    text: Type.String(),
    score: Type.Number({ description: "0 to 1; 1: the first in every ranking." }),
    source: Type.Object(
      {
        baseId: Id,
        documentId: Id,
        documentName: Type.String(),
        chunkId: Type.String(),
        position: Count("Of the passage in its document."),
        page: Type.Union([Type.String(), Type.Null()], { description: "Page, slide or sheet." }),
        headings: Type.Array(Type.String(), { description: "Above it, outermost first." }),
        textRank: Type.Union([Type.Integer(), Type.Null()], { description: "Its place by its words." }),
        vectorRank: Type.Union([Type.Integer(), Type.Null()], { description: "Its place by its vector." }),
        similarity: Type.Union([Type.Number(), Type.Null()], { description: "Cosine of the vectors." }),
      },
      closed,
    ),
    metadata: Metadata,
  },
  closed,
);
export const SearchAnswer = Type.Object(
  {
    items: Type.Array(FoundView),
    usage: Type.Object({ tokens: Count("Of the query's vector."), credits: Type.String() }, closed),
  },
  closed,
);
export type SearchAnswer = Static<typeof SearchAnswer>;
