import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";

/** Kinds of databases, as connections name them. */
export const DATABASE_PROVIDERS = {
  sqlite: { title: "SQLite", scheme: "sqlite:", port: null },
  postgres: { title: "PostgreSQL", scheme: "postgres:", port: 5432 },
  mysql: { title: "MySQL", scheme: "mysql:", port: 3306 },
} as const;

export type DatabaseProviderName = keyof typeof DATABASE_PROVIDERS;

/** undefined: a connection of this provider is to no database. */
export function databaseProvider(name: string): (typeof DATABASE_PROVIDERS)[DatabaseProviderName] | undefined {
  return Object.hasOwn(DATABASE_PROVIDERS, name) ? DATABASE_PROVIDERS[name as DatabaseProviderName] : undefined;
}

/** Settings of a connection to a database. */
export const DatabaseSettings = Type.Object(
  {
    writable: Type.Optional(Type.Boolean({ description: "Statements may change something. Default: they may not." })),
    tls: Type.Optional(
      Type.Enum(["verify", "off"], {
        description: "postgres, mysql. verify, the default: encrypted, to a host whose certificate is good.",
      }),
    ),
    ca: Type.Optional(
      Type.String({
        maxLength: 65_536,
        pattern: "^-----BEGIN CERTIFICATE-----",
        description: "postgres, mysql: PEM certificates to trust instead of the system's.",
      }),
    ),
    maxConnections: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LIMITS.databaseConnections.value, description: "At once; more statements wait. Default: 4." }),
    ),
  },
  { additionalProperties: false },
);
export type DatabaseSettings = Static<typeof DatabaseSettings>;
