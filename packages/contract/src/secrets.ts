import Type, { type Static, type TSchema } from "typebox";
import { LIMITS } from "#limits";

// Secrets and connections, as the management API speaks of them. A value that was put never comes back.

const closed = { additionalProperties: false };
const at = (what: string) => Type.Integer({ minimum: 0, description: `${what}, epoch milliseconds.` });
const all = <T extends TSchema>(row: T) => Type.Object({ data: Type.Array(row) }, closed);

const SecretName = Type.String({
  pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
  maxLength: LIMITS.secretNameCharacters.value,
  description: "Read as `secrets.NAME`.",
});
const ConnectionName = Type.String({
  pattern: "^[A-Za-z_][A-Za-z0-9_-]*$",
  maxLength: LIMITS.secretNameCharacters.value,
  description: "Named by nodes as `connection`.",
});

/** A value that is kept sealed. */
const Sealed = (description: string) =>
  Type.String({ minLength: LIMITS.secretLeastCharacters.value, maxLength: LIMITS.secretCharacters.value, description });

const times = {
  createdAt: at("When it was first set"),
  updatedAt: at("When it was last set"),
  lastUsedAt: Type.Optional(at("When an attempt of a node last used it, to a minute")),
  workflows: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }, closed), {
    description: "Those that name it in their draft or their live version.",
  }),
};

export const SecretView = Type.Object({ name: SecretName, ...times }, closed);
export type SecretView = Static<typeof SecretView>;
export const SecretList = all(SecretView);
export type SecretList = Static<typeof SecretList>;
export const PutSecretBody = Type.Object({ value: Sealed("Never shown again.") }, closed);
export type PutSecretBody = Static<typeof PutSecretBody>;

const fieldName = Type.String({ minLength: 1, maxLength: 200, pattern: "^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$" });

export const Credential = Type.Union(
  [
    Type.Object({ type: Type.Literal("bearer"), value: Sealed("Sent as `Authorization: Bearer …`.") }, closed),
    Type.Object(
      {
        type: Type.Literal("basic"),
        username: Type.String({ pattern: "^[^:]*$", maxLength: 1_000 }),
        value: Sealed("The password."),
      },
      closed,
    ),
    Type.Object({ type: Type.Literal("header"), name: fieldName, value: Sealed("The header's value.") }, closed),
    Type.Object(
      { type: Type.Literal("key"), value: Sealed("A key, sent as the provider takes it: for most `Authorization: Bearer …`.") },
      closed,
    ),
    Type.Object({ type: Type.Literal("query"), name: fieldName, value: Sealed("The parameter's value.") }, closed),
  ],
  { description: "What the server adds to each request through the connection." },
);
export type Credential = Static<typeof Credential>;

const BaseUrl = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description:
    "http or https, without user, query and fragment; of a database `postgres://host:5432/name`, `mysql://host:3306/name`, `sqlite:file`.",
});
const Host = Type.String({ pattern: "^[a-z0-9.-]+(:[0-9]{1,5})?$|^\\[[0-9a-f:.]+\\](:[0-9]{1,5})?$", maxLength: 260 });
const Provider = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,39}$",
  description:
    "The kind of service: http; a model provider: openai, anthropic, …; a database: postgres, mysql, sqlite; an MCP server: mcp, mcp-stdio.",
});
const Settings = Type.Unsafe<object>({ type: "object", description: "What else the provider needs; shown, so nothing secret." });
const Hosts = Type.Array(Host, {
  minItems: 1,
  maxItems: LIMITS.connectionHosts.value,
  uniqueItems: true,
  description: "`host` or `host:port`; default: those of the base URL. The credential goes nowhere else.",
});

export const ConnectionView = Type.Object(
  {
    name: ConnectionName,
    provider: Provider,
    baseUrl: BaseUrl,
    hosts: Type.Array(Host, { description: "Where the credential may go; none: nothing leaves this machine." }),
    credential: Type.Optional(
      Type.Object(
        {
          type: Type.Enum(["bearer", "basic", "header", "query"]),
          name: Type.Optional(Type.String()),
          username: Type.Optional(Type.String()),
        },
        { ...closed, description: "Without its value." },
      ),
    ),
    settings: Settings,
    ...times,
  },
  closed,
);
export type ConnectionView = Static<typeof ConnectionView>;
export const ConnectionList = all(ConnectionView);
export type ConnectionList = Static<typeof ConnectionList>;
export const PutConnectionBody = Type.Object(
  {
    provider: Type.Optional(Provider),
    baseUrl: Type.Optional(BaseUrl),
    hosts: Type.Optional(Hosts),
    credential: Type.Optional(Type.Union([Credential, Type.Null({ description: "None." })])),
    settings: Type.Optional(Settings),
  },
  {
    ...closed,
    description:
      "Without `credential` the one that is stored stays, as long as its hosts stay the same. Without `baseUrl` that of the provider is used.",
  },
);
export type PutConnectionBody = Static<typeof PutConnectionBody>;
export const TestConnectionBody = Type.Object(
  {
    model: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: LIMITS.modelCharacters.value,
        description:
          "Of a model provider: what to ask, as the provider or as workflows name it. Default: the first that its settings, the provider or the catalogue names.",
      }),
    ),
  },
  closed,
);
export type TestConnectionBody = Static<typeof TestConnectionBody>;
export const TestConnectionAnswer = Type.Object(
  {
    ok: Type.Boolean({ description: "The base URL answered, and did not refuse the credential; of a model provider: a model answered." }),
    status: Type.Optional(Type.Integer({ description: "HTTP status of the answer." })),
    model: Type.Optional(Type.String({ description: "Of a model provider: the model that was asked, `connection/model`." })),
    text: Type.Optional(Type.String({ description: "What it answered; of an MCP server: how many tools it offers." })),
    error: Type.Optional(Type.Object({ type: Type.String(), message: Type.String() }, closed)),
    durationMs: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type TestConnectionAnswer = Static<typeof TestConnectionAnswer>;
