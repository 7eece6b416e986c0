import Type, { type Static } from "typebox";
import { type JsonObject, toJsonObject } from "#json";

// The test file beside a workflow: cases with inputs, mocks of nodes, and what is expected of the run. The JSON Schema is what editors and
// `millrace test` read.

const closed = { additionalProperties: false };
const AnyObject = Type.Record(Type.String(), Type.Unknown());

const Tokens = Type.Object(
  {
    in: Type.Optional(Type.Integer({ minimum: 0, description: "Input tokens." })),
    out: Type.Optional(Type.Integer({ minimum: 0, description: "Output tokens." })),
    credits: Type.Optional(
      Type.String({ pattern: "^\\d{1,15}(\\.\\d{1,12})?$", description: "Absent: what the rate card says of the node's model." }),
    ),
  },
  { ...closed, description: "What the answer of a model cost." },
);

const MockedFailure = Type.Object(
  {
    type: Type.String({ description: "An error type of runs: `http_503`, `llm_rate_limited`, …" }),
    message: Type.Optional(Type.String()),
    retryable: Type.Optional(Type.Boolean({ description: "Default: as nodes throw this type." })),
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

const modelAnswer = {
  text: Type.Optional(Type.String({ description: "What the model answers; the node itself runs." })),
  json: Type.Optional(Type.Unknown({ description: "The same, as JSON." })),
  tokens: Type.Optional(Tokens),
};

const MockedAnswer = Type.Object(
  {
    ...modelAnswer,
    toolCalls: Type.Optional(Type.Array(Type.Object({ name: Type.String(), input: Type.Optional(AnyObject) }, closed), { minItems: 1 })),
  },
  closed,
);

const decision = {
  form: Type.Optional(AnyObject),
  comment: Type.Optional(Type.String()),
  by: Type.Optional(Type.String({ minLength: 1, description: "Who answers." })),
};
const Decision = Type.Union([Type.Literal(true), Type.Object(decision, closed)]);

const Failures = Type.Union([Type.String(), Type.Array(Type.Union([Type.String(), MockedFailure]), { minItems: 1, maxItems: 100 })], {
  description: "An error type: every attempt fails so. A list: one an attempt; after it the rest of the mock holds.",
});

const mock = {
  output: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "The node's result, in place of running it." })),
  port: Type.Optional(Type.String({ description: "The port that is taken; default `out`." })),
  fail: Type.Optional(Failures),
  ...modelAnswer,
  answers: Type.Optional(Type.Array(MockedAnswer, { minItems: 1, description: "One a call of the model, for nodes that call it again." })),
  approve: Type.Optional(Decision),
  reject: Type.Optional(Decision),
  decide: Type.Optional(Type.Object({ action: Type.String(), ...decision }, closed)),
  timeout: Type.Optional(Type.Literal(true, { description: "Nobody answers the approval." })),
  afterMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000_000, description: "How long it takes, of the case's time." })),
  mocks: Type.Optional(Type.Unsafe<Mocks>({ $ref: "#/$defs/mocks", description: "Of the workflow that the node calls." })),
};

const Mock = Type.Object(
  { ...mock, perItem: Type.Optional(Type.Array(Type.Unsafe<ItemMock>({ $ref: "#/$defs/itemMock" }), { minItems: 1 })) },
  closed,
);
export type Mock = Static<typeof Mock>;

const ItemMock = Type.Object(
  {
    index: Type.Optional(
      Type.Integer({ minimum: 0, description: "Of the item, from 0; with neither index nor item, the row's place in the list." }),
    ),
    item: Type.Optional(Type.Unknown({ description: "The item, or a matcher that holds for it." })),
    ...mock,
  },
  closed,
);
export type ItemMock = Static<typeof ItemMock>;

/** By the id of a node, or by its name. */
export type Mocks = { readonly [node: string]: Mock };

const NodeExpectation = Type.Object(
  {
    status: Type.Optional(Type.Enum(["SUCCEED", "FAILED", "SKIPPED"])),
    output: Type.Optional(Type.Unknown()),
    attempts: Type.Optional(Type.Unknown({ description: "A number, or a matcher." })),
  },
  closed,
);

const Expectation = Type.Object(
  {
    status: Type.Optional(Type.Enum(["SUCCEED", "FAILED"], { description: "Default: FAILED where an error is expected, else SUCCEED." })),
    output: Type.Optional(Type.Unknown({ description: "A value, with matchers where it may differ." })),
    error: Type.Optional(
      Type.Object(
        { type: Type.Optional(Type.Unknown()), node: Type.Optional(Type.String()), message: Type.Optional(Type.Unknown()) },
        closed,
      ),
    ),
    path: Type.Optional(
      Type.Union([Type.Array(Type.String()), Type.Object({ contains: Type.Array(Type.String()) }, closed)], {
        description: "Ids of the nodes in the order in which they were done; with `contains`, some of them in any order.",
      }),
    ),
    maxTokens: Type.Optional(Type.Integer({ minimum: 0 })),
    maxCredits: Type.Optional(Type.Number({ minimum: 0 })),
    nodes: Type.Optional(
      Type.Record(Type.String(), NodeExpectation, { description: "By id, inside containers by path: `each[0]/price`." }),
    ),
  },
  closed,
);
export type Expectation = Static<typeof Expectation>;

const TestCase = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: "Unique in the file." }),
    input: Type.Optional(AnyObject),
    userId: Type.Optional(Type.String()),
    now: Type.Optional(Type.String({ description: "When the run begins, ISO 8601; default 2025-01-01T00:00:00Z." })),
    mocks: Type.Optional(Type.Unsafe<Mocks>({ $ref: "#/$defs/mocks" })),
    expect: Type.Optional(Type.Unsafe<Expectation>({ $ref: "#/$defs/expectation" })),
  },
  closed,
);
export type TestCase = Static<typeof TestCase>;

/** A test file's shape, for checking; `$defs` has what refers to itself. */
export const TestFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: "For editors." })),
    workflow: Type.String({ minLength: 1, description: "Name of the workflow, or the path of its file from here." }),
    cases: Type.Array(TestCase, { minItems: 1 }),
  },
  {
    ...closed,
    $defs: {
      mocks: Type.Record(Type.String(), Type.Unsafe<Mock>({ $ref: "#/$defs/mock" })),
      mock: Mock,
      itemMock: ItemMock,
      expectation: Expectation,
    },
  },
);
export type TestFile = Static<typeof TestFile>;

/** JSON Schema (2020-12) of test files, for editors. */
export function testFileSchema(): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "millrace-test-1.json",
    title: "Millrace test file",
    ...toJsonObject(TestFile),
  };
}

/** What a real run has shown of the nodes that are not mocked, for later runs without a network. */
export const CASSETTE_FORMAT = "millrace-cassette/1";

const RecordedAttempt = Type.Object(
  {
    asked: Type.Optional(
      Type.String({
        description: "Hash of what the node asked for. Where it asks for something else, the recording does not hold any more.",
      }),
    ),
    output: Type.Optional(AnyObject),
    port: Type.Optional(Type.String()),
    error: Type.Optional(
      Type.Object(
        {
          type: Type.String(),
          message: Type.String(),
          retryable: Type.Boolean(),
          retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
    ),
    usage: Type.Optional(Type.Array(AnyObject)),
  },
  closed,
);
export type RecordedAttempt = Static<typeof RecordedAttempt>;

export const Cassette = Type.Object(
  {
    format: Type.Literal(CASSETTE_FORMAT),
    cases: Type.Record(
      Type.String(),
      Type.Object({ recordedAt: Type.String(), nodes: Type.Record(Type.String(), Type.Array(RecordedAttempt)) }, closed),
    ),
  },
  closed,
);
export type Cassette = Static<typeof Cassette>;

/** A difference between what was expected of a run and what it did. */
const Difference = Type.Object(
  {
    at: Type.String({ description: "`output.text`, `nodes.fetch.attempts`" }),
    message: Type.String(),
    expected: Type.Optional(Type.Unknown()),
    actual: Type.Optional(Type.Unknown()),
  },
  closed,
);
export type Difference = Static<typeof Difference>;

const CaseReport = Type.Object(
  {
    name: Type.String(),
    line: Type.Integer({ minimum: 1 }),
    status: Type.Enum(["passed", "failed"]),
    durationMs: Type.Number(),
    runMs: Type.Number({ description: "From the run's beginning to its end, of the case's own time." }),
    differences: Type.Array(Difference),
    /** Nodes with effects that nothing stood in for. */
    unmocked: Type.Array(Type.Object({ node: Type.String(), wanted: Type.String() }, closed)),
    updated: Type.Boolean(),
    recorded: Type.Boolean(),
  },
  closed,
);
export type CaseReport = Static<typeof CaseReport>;

/** What `millrace test` finds. */
export const TestReport = Type.Object(
  {
    files: Type.Array(Type.Object({ file: Type.String(), workflow: Type.String(), cases: Type.Array(CaseReport) }, closed)),
    passed: Type.Integer({ minimum: 0 }),
    failed: Type.Integer({ minimum: 0 }),
    durationMs: Type.Number(),
  },
  closed,
);
export type TestReport = Static<typeof TestReport>;
